using System.Globalization;

namespace Dbt.Runtime.Tests;

/// <summary>What the host kernel says of this process's own mappings.</summary>
internal static unsafe class HostMaps
{
    /// <summary>The four permission letters of consecutive pages.</summary>
    public static string[] Permissions(byte* start, int pages)
    {
        var lines = File.ReadAllLines("/proc/self/maps");
        var letters = new string[pages];
        for (var i = 0; i < pages; i++)
        {
            var address = (ulong)start + (ulong)i * 4096;
            letters[i] = lines.Single(line => Contains(line, address)).Split(' ')[1];
        }
        return letters;
    }

    /// <summary>Where the host's mapping of this address ends.</summary>
    public static ulong EndOf(byte* address) =>
        Hex(File.ReadLines("/proc/self/maps").Single(line => Contains(line, (ulong)address)).Split(' ')[0].Split('-')[1]);

    /// <summary>Whether the host was asked to use huge pages for the mapping that has this address.</summary>
    public static bool PrefersHugePages(byte* address) =>
        File.ReadLines("/proc/self/smaps").SkipWhile(line => !IsHead(line) || !Contains(line, (ulong)address))
            .First(line => line.StartsWith("VmFlags:", StringComparison.Ordinal)).Contains(" hg", StringComparison.Ordinal);

    private static bool IsHead(string line) => line.Split(' ')[0].Contains('-', StringComparison.Ordinal);

    private static bool Contains(string line, ulong address)
    {
        var range = line.Split(' ')[0].Split('-');
        return Hex(range[0]) <= address && address < Hex(range[1]);
    }

    private static ulong Hex(string text) => ulong.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
