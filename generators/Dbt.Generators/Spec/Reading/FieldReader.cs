using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Spec.Reading;

/// <summary>Reads <c>field name pieces [&lt;&lt;n] kind [modifiers]</c>.</summary>
internal static class FieldReader
{
    private const string Form = "field NAME HIGH:LOW… [<<SHIFT] KIND [!=VALUE…]";

    private static readonly Dictionary<string, FieldKind> kinds = new()
    {
        ["signed"] = FieldKind.Signed,
        ["unsigned"] = FieldKind.Unsigned,
        ["hex"] = FieldKind.Hex,
        ["upper"] = FieldKind.Upper,
        ["shift"] = FieldKind.Shift,
        ["csr"] = FieldKind.Csr,
        ["rounding"] = FieldKind.Rounding,
        ["order"] = FieldKind.Order,
        ["fence"] = FieldKind.Fence,
    };

    /// <summary>The field of a line, or null when the line is wrong.</summary>
    public static FieldModel? Read(SpecText line, IReadOnlyList<RegisterFileModel> files, DiagnosticBag diagnostics)
    {
        var words = line.Words();
        if (words.Count < 4 || !words[1].IsName())
        {
            diagnostics.Malformed(line, Form);
            return null;
        }
        var at = 2;
        var pieces = ReadPieces(words, ref at, diagnostics);
        if (pieces == null)
            return null;
        var shift = 0L;
        if (at < words.Count && words[at].Text.StartsWith("<<", StringComparison.Ordinal))
        {
            if (!words[at].Slice(2).TryNumber(out shift) || shift is < 1 or > 31)
            {
                diagnostics.Malformed(words[at], "<<SHIFT with a shift from 1 to 31");
                return null;
            }
            at++;
        }
        if (at >= words.Count)
        {
            diagnostics.Malformed(line, Form);
            return null;
        }
        return ReadKind(words, at, files, diagnostics) is not { } field ? null : field with
        {
            Name = words[1].Text,
            Pieces = new(pieces),
            Shift = (int)shift,
            Location = words[1].Location,
        };
    }

    private static List<FieldPiece>? ReadPieces(IReadOnlyList<SpecText> words, ref int at, DiagnosticBag diagnostics)
    {
        var pieces = new List<FieldPiece>();
        var used = 0u;
        for (; at < words.Count && char.IsDigit(words[at].Text[0]); at++)
        {
            var ends = words[at].Text.Split(':');
            var low = 0;
            if (ends.Length > 2 || !int.TryParse(ends[0], out var high) || !int.TryParse(ends[ends.Length - 1], out low)
                || high < low || high > 31)
            {
                diagnostics.Malformed(words[at], "HIGH:LOW or BIT, with bits from 31 down to 0");
                return null;
            }
            var mask = (uint)((1L << high + 1) - (1L << low));
            if ((used & mask) != 0)
            {
                diagnostics.Add("DBT104", words[at].Location, words[1].Text, words[at].Text);
                return null;
            }
            used |= mask;
            pieces.Add(new FieldPiece(high, low));
        }
        if (pieces.Count > 0)
            return pieces;
        diagnostics.Malformed(words[at], "HIGH:LOW or BIT, with bits from 31 down to 0");
        return null;
    }

    private static FieldModel? ReadKind(
        IReadOnlyList<SpecText> words, int at, IReadOnlyList<RegisterFileModel> files, DiagnosticBag diagnostics)
    {
        var word = words[at];
        var plus = word.Text.IndexOf('+');
        var name = plus < 0 ? word.Text : word.Text.Substring(0, plus);
        var file = files.FirstOrDefault(candidate => candidate.Name == name);
        var offset = 0L;
        if (plus >= 0 && (file == null || !word.Slice(plus + 1).TryNumber(out offset)))
        {
            diagnostics.Malformed(word, "FILE+NUMBER, with a register file");
            return null;
        }
        if (file == null && !kinds.ContainsKey(name))
        {
            var known = files.Select(candidate => candidate.Name).Concat(kinds.Keys).ToArray();
            diagnostics.Add("DBT102", word.Location, word.Text, string.Join(", ", known), Suggestion.For(name, known));
            return null;
        }
        var view = RegisterView.Own;
        var dynamic = -1L;
        var excluded = new List<long>();
        for (at++; at < words.Count; at++)
        {
            var modifier = words[at];
            if (modifier.Text.StartsWith("!=", StringComparison.Ordinal) && modifier.Slice(2).TryNumber(out var value))
                excluded.Add(value);
            else if (file != null && modifier.Text == "double")
                view = RegisterView.Double;
            else if (file != null && modifier.Text == "float" && at + 1 < words.Count && words[at + 1].Text == "boxed")
                (view, at) = (RegisterView.BoxedFloat, at + 1);
            else if (name == "rounding" && modifier.Text == "dynamic" && at + 1 < words.Count && words[at + 1].TryNumber(out dynamic))
                at++;
            else
            {
                diagnostics.Malformed(modifier, "!=VALUE; behind a register file also 'double' or 'float boxed'; behind 'rounding' also 'dynamic NUMBER'");
                return null;
            }
        }
        var kind = file == null ? kinds[name] : FieldKind.Register;
        return new FieldModel("", default, 0, kind, file?.Name ?? "", (int)offset, view, new(excluded), (int)dynamic, default);
    }
}
