using System.Globalization;

namespace Dbt.Cli.Arguments;

/// <summary>Amounts of memory as people type them.</summary>
internal static class ByteSize
{
    /// <summary>Reads a positive number of bytes with an optional binary unit: <c>4096</c>, <c>512K</c>, <c>512M</c>, <c>2G</c>, <c>1GiB</c>.</summary>
    public static bool TryParse(string text, out long bytes)
    {
        var digits = text.AsSpan().TrimEnd("KkMmGgTtIiBb");
        var shift = text[digits.Length..].ToUpperInvariant() switch
        {
            "" or "B" => 0,
            "K" or "KB" or "KIB" => 10,
            "M" or "MB" or "MIB" => 20,
            "G" or "GB" or "GIB" => 30,
            "T" or "TB" or "TIB" => 40,
            _ => -1,
        };
        var ok = long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var count);
        bytes = ok && shift >= 0 && count <= long.MaxValue >> shift ? count << shift : 0;
        return bytes > 0;
    }
}
