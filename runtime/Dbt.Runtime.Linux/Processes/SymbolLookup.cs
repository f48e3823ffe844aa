using Dbt.Runtime.Elf;
using Dbt.Runtime.Memory;

namespace Dbt.Runtime.Linux.Processes;

/// <summary>Names addresses for people. Reads symbols only when asked, since that happens once in a guest's life.</summary>
internal static class SymbolLookup
{
    /// <summary>
    /// An address with its symbol, or else its file, when that is known: <c>0x10444 (main+0x1c)</c>. Libraries that the guest has mapped
    /// itself are found through the list of mappings.
    /// </summary>
    public static string Describe(GuestMemory memory, IReadOnlyList<LoadedFile> images, ulong address)
    {
        foreach (var (path, start, end, bias) in images)
            if (address >= start && address < end)
                return Describe(address, path, address - start, _ => address - bias);
        if (memory.Find(address) is not { IsFile: true, Name: { } name } mapping)
            return $"0x{address:x}";
        var offset = mapping.Offset + (address - mapping.Start);
        return Describe(address, name, offset, file => AddressAt(file, offset));
    }

    private static string Describe(ulong address, string path, ulong offset, Func<ElfFile, ulong?> addressInFile)
    {
        var name = Path.GetFileName(path);
        return $"0x{address:x} ({Find(path, addressInFile) ?? $"{name}+0x{offset:x}"})";
    }

    private static string? Find(string path, Func<ElfFile, ulong?> addressInFile)
    {
        try
        {
            using var handle = File.OpenHandle(path);
            var file = ElfFile.Parse(handle);
            if (addressInFile(file) is not { } address || file.ReadSymbols().Find(address) is not { } symbol)
                return null;
            return symbol.Address == address ? symbol.Name : $"{symbol.Name}+0x{address - symbol.Address:x}";
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
