using Dbt.Lab.Code;

namespace Dbt.Cli.Arguments;

/// <summary>Ranges of guest addresses as people type them.</summary>
internal static class AddressRanges
{
    /// <summary>Reads <c>START</c> (up to the end), <c>START..END</c> or <c>START+LENGTH</c>, all hexadecimal.</summary>
    public static bool TryParse(string text, out AddressRange range)
    {
        range = AddressRange.All;
        var dots = text.IndexOf("..", StringComparison.Ordinal);
        var plus = text.IndexOf('+');
        var split = dots >= 0 ? dots : plus;
        if (!HexWords.TryParseAddress(split < 0 ? text : text[..split], out var start))
            return false;
        var end = ulong.MaxValue;
        if (split >= 0 && !HexWords.TryParseAddress(text[(split + (dots >= 0 ? 2 : 1))..], out end))
            return false;
        range = new AddressRange(start, split >= 0 && dots < 0 ? start + end : end);
        return range.End > range.Start;
    }
}
