using Dbt.Runtime.Elf;

namespace Dbt.Runtime.Linux.Processes;

/// <summary>Names addresses for people. Reads symbols only when asked, since that happens once in a guest's life.</summary>
internal static class SymbolLookup
{
    /// <summary>An address with its symbol, or its file, when it is known: <c>0x10444 (main+0x1c)</c>.</summary>
    public static string Describe(IReadOnlyList<(string Path, ulong Start, ulong End, ulong Bias)> images, ulong address)
    {
        foreach (var (path, start, end, bias) in images)
            if (address >= start && address < end)
                return $"0x{address:x} ({Find(path, address - bias) ?? $"{Path.GetFileName(path)}+0x{address - start:x}"})";
        return $"0x{address:x}";
    }

    private static string? Find(string path, ulong address)
    {
        try
        {
            using var file = File.OpenHandle(path);
            var symbol = ElfFile.Parse(file).ReadSymbols().Find(address);
            return symbol is null ? null : symbol.Address == address ? symbol.Name : $"{symbol.Name}+0x{address - symbol.Address:x}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ElfException)
        {
            return null;
        }
    }
}
