using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Spec.Reading;

/// <summary>Cuts pieces out of a text and keeps their locations.</summary>
internal static class SpecTextReading
{
    public static SpecText Slice(this SpecText text, int offset, int length) =>
        new(text.Text.Substring(offset, length), text.At(offset, length));

    public static SpecText Slice(this SpecText text, int offset) => text.Slice(offset, text.Text.Length - offset);

    public static SpecText Trim(this SpecText text)
    {
        var start = text.Text.Length - text.Text.TrimStart().Length;
        return text.Slice(start, text.Text.Trim().Length);
    }

    public static SpecText FirstWord(this SpecText text)
    {
        var end = text.Text.IndexOfAny([' ', '\t']);
        return end < 0 ? text : text.Slice(0, end);
    }

    /// <summary>Words between blanks; a part in double quotes is one word, without its quotes.</summary>
    public static IReadOnlyList<SpecText> Words(this SpecText text)
    {
        var words = new List<SpecText>();
        var at = 0;
        while (at < text.Text.Length)
        {
            if (char.IsWhiteSpace(text.Text[at]))
            {
                at++;
                continue;
            }
            var quoted = text.Text[at] == '"';
            var start = quoted ? at + 1 : at;
            var end = start;
            while (end < text.Text.Length && (quoted ? text.Text[end] != '"' : !char.IsWhiteSpace(text.Text[end])))
                end++;
            words.Add(text.Slice(start, end - start));
            at = end + 1;
        }
        return words;
    }

    /// <summary>Up to <paramref name="count"/> trimmed columns between bars; the last one may contain bars itself.</summary>
    public static IReadOnlyList<SpecText> Columns(this SpecText text, int count)
    {
        var columns = new List<SpecText>();
        var start = 0;
        while (columns.Count < count - 1 && text.Text.IndexOf('|', start) is >= 0 and var bar)
        {
            columns.Add(text.Slice(start, bar - start).Trim());
            start = bar + 1;
        }
        columns.Add(text.Slice(start).Trim());
        return columns;
    }

    /// <summary>A decimal or <c>0x</c> number.</summary>
    public static bool TryNumber(this SpecText text, out long number) =>
        text.Text.StartsWith("0x", StringComparison.Ordinal)
            ? long.TryParse(text.Text.Substring(2), System.Globalization.NumberStyles.AllowHexSpecifier, null, out number)
            : long.TryParse(text.Text, out number);

    public static bool IsName(this SpecText text) =>
        text.Text.Length > 0 && char.IsLetter(text.Text[0]) && text.Text.All(c => char.IsLetterOrDigit(c) || c is '_' or '.');
}
