using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Spec.Reading;

/// <summary>Reads the file with the <c>isa</c> line: what all extensions share.</summary>
internal sealed class IsaReader
{
    private static readonly string[] directives = ["isa", "variant", "length", "alignment", "registers", "order", "field", "state", "csrs"];

    private readonly DiagnosticBag diagnostics = new();
    private readonly List<VariantModel> variants = [];
    private readonly List<RegisterFileModel> files = [];
    private readonly List<FieldModel> fields = [];
    private readonly List<StateModel> states = [];
    private CsrAccessModel csrAccess = new(0, 0, 0);
    private SpecText name;
    private string title = "";
    private EquatableArray<string> order;
    private (uint Mask, uint Match) length;
    private int alignment = 4;
    private string alignmentWith = "";

    public static Result<IsaModel> Read(SpecFile file)
    {
        var reader = new IsaReader();
        foreach (var line in file.Lines)
            reader.ReadLine(line);
        if (reader.name.Text != null && reader.variants.Count == 0)
            reader.diagnostics.Malformed(reader.name, "an ISA with at least one line 'variant NAME BITS'");
        var isa = reader.name.Text == null ? null : new IsaModel(
            reader.name.Text,
            reader.title,
            new(reader.variants),
            new(reader.files),
            new(reader.fields),
            reader.length.Mask,
            reader.length.Match,
            reader.alignment,
            reader.alignmentWith,
            reader.order,
            new(reader.states),
            reader.csrAccess,
            file.Path);
        return new(isa, reader.diagnostics.ToArray());
    }

    private void ReadLine(SpecText line)
    {
        var words = line.Words();
        switch (words[0].Text)
        {
            case "isa":
                ReadIsa(line, words);
                break;
            case "variant":
                ReadVariant(line, words);
                break;
            case "length":
                ReadLength(line, words);
                break;
            case "alignment":
                ReadAlignment(line, words);
                break;
            case "registers":
                ReadRegisters(line);
                break;
            case "order":
                order = new(words.Skip(1).Select(word => word.Text));
                break;
            case "field":
                ReadField(line);
                break;
            case "state":
                StateReader.Read(line, states, diagnostics);
                break;
            case "csrs":
                csrAccess = StateReader.ReadAccess(line, diagnostics) ?? csrAccess;
                break;
            default:
                diagnostics.Add("DBT101", words[0].Location, words[0].Text, "the file of an ISA", string.Join(", ", directives),
                    Suggestion.For(words[0].Text, directives));
                break;
        }
    }

    private void ReadIsa(SpecText line, IReadOnlyList<SpecText> words)
    {
        if (words.Count != 3 || !words[1].IsName())
        {
            diagnostics.Malformed(line, "isa NAME \"TITLE\"");
            return;
        }
        name = words[1];
        title = words[2].Text;
    }

    private void ReadVariant(SpecText line, IReadOnlyList<SpecText> words)
    {
        if (words.Count == 3 && words[1].IsName() && words[2].Text is "32" or "64")
            variants.Add(new VariantModel(words[1].Text, int.Parse(words[2].Text)));
        else
            diagnostics.Malformed(line, "variant NAME 32 or variant NAME 64");
    }

    // length BYTES when HIGH:LOW == BITS / length BYTES otherwise
    private void ReadLength(SpecText line, IReadOnlyList<SpecText> words)
    {
        if (words.Count == 3 && words[1].Text is "2" or "4" && words[2].Text == "otherwise")
            return;
        if (words.Count == 6 && words[1].Text == "4" && words[2].Text == "when" && words[4].Text == "==")
        {
            var ends = words[3].Text.Split(':');
            var bits = words[5].Text;
            if (ends.Length == 2 && int.TryParse(ends[0], out var high) && int.TryParse(ends[1], out var low)
                && low >= 0 && high is < 16 && high - low + 1 == bits.Length && bits.All(bit => bit is '0' or '1'))
            {
                length = ((uint)((1L << high + 1) - (1L << low)), Convert.ToUInt32(bits, 2) << low);
                return;
            }
        }
        diagnostics.Malformed(line, "length 4 when HIGH:LOW == BITS, or length 2 otherwise");
    }

    private void ReadAlignment(SpecText line, IReadOnlyList<SpecText> words)
    {
        if (words.Count == 2 && words[1].TryNumber(out var bytes) && bytes is 1 or 2 or 4)
            alignment = (int)bytes;
        else if (words.Count == 4 && words[1].Text == "2" && words[2].Text == "with")
            alignmentWith = words[3].Text;
        else
            diagnostics.Malformed(line, "alignment BYTES, or alignment 2 with EXTENSION");
    }

    // registers NAME COUNT TYPE [zero NUMBER] : NAMES
    private void ReadRegisters(SpecText line)
    {
        var colon = line.Text.IndexOf(':');
        var words = (colon < 0 ? line : line.Slice(0, colon)).Words();
        var names = colon < 0 ? [] : line.Slice(colon + 1).Words();
        var zero = -1L;
        if (words.Count is not (4 or 6) || !words[1].IsName() || !words[2].TryNumber(out var count) || count is < 1 or > 256
            || words[3].Text is not ("word" or "ulong")
            || words.Count == 6 && (words[4].Text != "zero" || !words[5].TryNumber(out zero)))
        {
            diagnostics.Malformed(line, "registers NAME COUNT word|ulong [zero NUMBER] : ABI-NAMES");
            return;
        }
        if (names.Count != count)
        {
            diagnostics.Malformed(words[1], $"as many ABI names as registers ({count}), not {names.Count}");
            return;
        }
        files.Add(new RegisterFileModel(
            words[1].Text, (int)count, words[3].Text, (int)zero, new(names.Select(abi => abi.Text.TrimEnd('*'))),
            new(Enumerable.Range(0, names.Count).Where(i => names[i].Text.EndsWith("*", StringComparison.Ordinal))), words[1].Location));
    }

    private void ReadField(SpecText line)
    {
        if (FieldReader.Read(line, files, diagnostics) is not { } field)
            return;
        if (fields.Any(other => other.Name == field.Name))
            diagnostics.Add("DBT105", field.Location, field.Name, "this file");
        else
            fields.Add(field);
    }
}
