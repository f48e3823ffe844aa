using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Spec.Reading;

/// <summary>Reads the lines of an ISA's file that are about system state.</summary>
internal static class StateReader
{
    private const string StateForm = "state NAME RESET [notify] [: FIELD HIGH:LOW [fixed | in VALUE… | as VALUE… | when FIELD VALUE], …]";

    // state NAME{FIRST..LAST} is as many words as numbers.
    public static void Read(SpecText line, List<StateModel> states, DiagnosticBag diagnostics)
    {
        var colon = line.Text.IndexOf(" : ", StringComparison.Ordinal);
        var words = (colon < 0 ? line : line.Slice(0, colon)).Words();
        if (words.Count is not (3 or 4) || !words[2].TryNumber(out var reset) || words.Count == 4 && words[3].Text != "notify"
            || NameRange.Read(words[1]) is not { } names)
        {
            diagnostics.Malformed(line, StateForm);
            return;
        }
        var fields = new List<StateFieldModel>();
        foreach (var text in colon < 0 ? [] : Parts(line.Slice(colon + 3)))
            if (ReadField(text, fields) is { } field)
                fields.Add(field);
            else
                diagnostics.Malformed(text, "FIELD HIGH:LOW, with bits that no other field of this state has, and its rule: fixed, in VALUE…, as VALUE…, when FIELD VALUE");
        foreach (var name in names)
            if (states.Any(state => state.Name == name.Text))
                diagnostics.Add("DBT105", name.Location, name.Text, "this file");
            else
                states.Add(new StateModel(name.Text, unchecked((ulong)reset), words.Count == 4, new(fields), name.Location));
    }

    // csrs privilege HIGH:LOW readonly HIGH:LOW
    public static CsrAccessModel? ReadAccess(SpecText line, DiagnosticBag diagnostics)
    {
        if (line.Words() is { Count: 5 } words && words[1].Text == "privilege" && words[3].Text == "readonly"
            && TryBits(words[2].Text, 15, out var low, out var width) && TryBits(words[4].Text, 15, out var readOnlyLow, out var readOnlyWidth))
            return new(low, width, (1 << readOnlyWidth) - 1 << readOnlyLow);
        diagnostics.Malformed(line, "csrs privilege HIGH:LOW readonly HIGH:LOW");
        return null;
    }

    private static IEnumerable<SpecText> Parts(SpecText text)
    {
        var start = 0;
        while (start <= text.Text.Length)
        {
            var end = text.Text.IndexOf(',', start) is >= 0 and var comma ? comma : text.Text.Length;
            yield return text.Slice(start, end - start).Trim();
            start = end + 1;
        }
    }

    private static StateFieldModel? ReadField(SpecText text, List<StateFieldModel> earlier)
    {
        var words = text.Words();
        if (words.Count < 2 || !words[0].IsName() || !TryBits(words[1].Text, 63, out var low, out var width))
            return null;
        var source = "";
        var rule = StateFieldRule.Any;
        var numbers = words.Skip(3);
        switch (words.Count < 3 ? "" : words[2].Text)
        {
            case "" when words.Count == 2:
                break;
            case "fixed" when words.Count == 3:
                rule = StateFieldRule.Fixed;
                break;
            case "in" when words.Count > 3:
                rule = StateFieldRule.In;
                break;
            case "as" when width < 5 && words.Count == 3 + (1 << width):
                rule = StateFieldRule.As;
                break;
            case "when" when words.Count == 5 && earlier.Any(field => field.Name == words[3].Text):
                (rule, source, numbers) = (StateFieldRule.When, words[3].Text, words.Skip(4));
                break;
            default:
                return null;
        }
        var values = new List<long>();
        foreach (var word in numbers)
            if (word.TryNumber(out var number))
                values.Add(number);
            else
                return null;
        var field = new StateFieldModel(words[0].Text, low, width, rule, new(values), source);
        return earlier.Any(other => other.Name == field.Name || (other.Mask & field.Mask) != 0) ? null : field;
    }

    private static bool TryBits(string text, int highest, out int low, out int width)
    {
        var ends = text.Split(':');
        low = width = 0;
        if (ends.Length > 2 || !int.TryParse(ends[0], out var high) || !int.TryParse(ends[ends.Length - 1], out low) || low < 0 || high < low || high > highest)
            return false;
        width = high - low + 1;
        return true;
    }
}
