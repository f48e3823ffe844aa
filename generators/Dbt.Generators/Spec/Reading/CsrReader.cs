using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Spec.Reading;

/// <summary>Reads csr and guard lines.</summary>
internal static class CsrReader
{
    private const string Form = "csr NAME NUMBER | EXPRESSION | readonly or statements that open with an assignment; csr NAME NUMBER of STATE [FIELD…]; csr NAME NUMBER zero; csr NAME NUMBER external";

    // NAME{FIRST..LAST} is as many registers, with numbers in a row; of STATE{FIRST..LAST} is one state for each.
    public static void Read(SpecText line, EquatableArray<string> variants, List<CsrModel> csrs, DiagnosticBag diagnostics)
    {
        var bar = line.Text.IndexOf('|');
        var words = (bar < 0 ? line : line.Slice(0, bar)).Words();
        if (words.Count < 3 || NameRange.Read(words[1]) is not { } names || !words[2].TryNumber(out var number) || number < 0 || number + names.Count > 0x10000)
        {
            diagnostics.Malformed(line, Form);
            return;
        }
        var empty = line.Slice(0, 0);
        if (bar >= 0)
        {
            if (words.Count != 3 || SplitWrite(line, bar) is not (> 0 and var second))
            {
                diagnostics.Malformed(line, Form);
                return;
            }
            var write = line.Slice(second + 1).Trim();
            foreach (var name in names)
                csrs.Add(new CsrModel(
                    name.Text, (int)number++, line.Slice(bar + 1, second - bar - 1).Trim(), write.Text == "readonly" ? empty : write, null, false, variants, name.Location));
            return;
        }
        if (words.Count == 4 && words[3].Text == "external")
        {
            foreach (var name in names)
                csrs.Add(new CsrModel(name.Text, (int)number++, empty, empty, null, true, variants, name.Location));
            return;
        }
        IReadOnlyList<SpecText>? states = words.Count == 4 && words[3].Text == "zero" ? [.. names.Select(_ => empty)]
            : words.Count > 4 && words[3].Text == "of" ? NameRange.Read(words[4])
            : null;
        if (states == null || states.Count != names.Count)
        {
            diagnostics.Malformed(line, Form);
            return;
        }
        for (var i = 0; i < names.Count; i++)
            csrs.Add(new CsrModel(names[i].Text, (int)number + i, empty, empty, new(states[i], new(words.Skip(5))), false, variants, names[i].Location));
    }

    // guard CSR… | CONDITION
    public static void ReadGuard(SpecText line, EquatableArray<string> variants, List<GuardModel> guards, DiagnosticBag diagnostics)
    {
        var columns = line.Columns(2);
        var ranges = columns[0].Words().Skip(1).Select(NameRange.Read).ToArray();
        if (columns.Count == 2 && ranges.Length > 0 && ranges.All(range => range != null))
            guards.Add(new GuardModel(new(ranges.SelectMany(range => range!)), columns[1], variants));
        else
            diagnostics.Malformed(line, "guard CSR… | CONDITION");
    }

    // READ may contain bars; WRITE is `readonly` or opens with an assignment.
    private static int SplitWrite(SpecText line, int first) =>
        Enumerable.Range(first + 1, line.Text.Length - first - 1).LastOrDefault(at => line.Text[at] == '|' && OpensWrite(line.Text.Substring(at + 1)));

    private static bool OpensWrite(string text)
    {
        var trimmed = text.Trim();
        if (trimmed == "readonly")
            return true;
        var end = 0;
        while (end < trimmed.Length && char.IsLetterOrDigit(trimmed[end]))
            end++;
        var rest = trimmed.Substring(end).TrimStart();
        return end > 0 && rest.StartsWith("=", StringComparison.Ordinal) && !rest.StartsWith("==", StringComparison.Ordinal);
    }
}
