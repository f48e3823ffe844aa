using Dbt.Runtime.Elf;
using Dbt.Runtime.Memory;

namespace Dbt.Runtime.Linux.Processes;

/// <summary>
/// Names addresses for people. Reads a file's symbols when it is first asked for one of them. Libraries that the guest has mapped itself
/// are found through the list of mappings. Safe from any thread.
/// </summary>
/// <param name="memory">The guest's memory.</param>
/// <param name="images">What was loaded for it.</param>
internal sealed class SymbolLookup(GuestMemory memory, IReadOnlyList<LoadedFile> images)
{
    private readonly Dictionary<string, SymbolFile?> _files = [];

    private sealed record SymbolFile(ElfFile File, ElfSymbolTable Symbols);

    /// <summary>An address with its name, when it has one: <c>0x10444 (main+0x1c)</c>.</summary>
    public string Describe(ulong address) => NameOf(address) is { } name ? $"0x{address:x} ({name})" : $"0x{address:x}";

    /// <summary>An address by its symbol or else by its file, <c>main+0x1c</c> or <c>libc.so.6+0x2f10</c>; null when it is in no file.</summary>
    public string? NameOf(ulong address)
    {
        foreach (var (path, start, end, bias) in images)
            if (address >= start && address < end)
                return NameOf(path, address - start, _ => address - bias);
        if (memory.Find(address) is not { IsFile: true, Name: { } name } mapping)
            return null;
        var offset = mapping.Offset + (address - mapping.Start);
        return NameOf(name, offset, file => AddressAt(file, offset));
    }

    private string NameOf(string path, ulong offset, Func<ElfFile, ulong?> addressInFile)
    {
        if (Read(path) is { } read && addressInFile(read.File) is { } address && read.Symbols.Find(address) is { } symbol)
            return symbol.Describe(address);
        return $"{Path.GetFileName(path)}+0x{offset:x}";
    }

    private SymbolFile? Read(string path)
    {
        lock (_files)
        {
            if (!_files.TryGetValue(path, out var known))
                _files.Add(path, known = ReadFile(path));
            return known;
        }
    }

    private static SymbolFile? ReadFile(string path)
    {
        try
        {
            using var handle = File.OpenHandle(path);
            var file = ElfFile.Parse(handle);
            return new SymbolFile(file, file.ReadSymbols());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ElfException or ArgumentException)
        {
            return null;
        }
    }

    // The virtual address, without load bias, of a byte of the file.
    private static ulong? AddressAt(ElfFile file, ulong offset)
    {
        foreach (var segment in file.Segments)
            if (segment.Type == ElfSegmentType.Load && offset >= segment.Offset && offset - segment.Offset < segment.FileSize)
                return offset - segment.Offset + segment.Address;
        return null;
    }
}
