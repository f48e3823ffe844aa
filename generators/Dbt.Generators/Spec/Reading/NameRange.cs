using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Spec.Reading;

/// <summary>A name, or <c>name{FIRST..LAST}</c> for as many names as numbers.</summary>
internal static class NameRange
{
    /// <summary>The names; null when it is nothing of the kind.</summary>
    public static IReadOnlyList<SpecText>? Read(SpecText word)
    {
        var brace = word.Text.IndexOf('{');
        if (brace < 0)
            return word.IsName() ? [word] : null;
        var ends = word.Text.Substring(brace + 1).TrimEnd('}').Split([".."], StringSplitOptions.None);
        if (brace == 0 || !word.Text.EndsWith("}", StringComparison.Ordinal) || ends.Length != 2
            || !int.TryParse(ends[0], out var first) || !int.TryParse(ends[1], out var last) || first < 0 || last < first || last > 255)
            return null;
        var stem = word.Text.Substring(0, brace);
        return [.. Enumerable.Range(first, last - first + 1).Select(number => new SpecText(stem + number, word.Location))];
    }
}
