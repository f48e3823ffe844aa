using Dbt.Generators.Spec.Checking;
using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Printers.Decoding;

/// <summary>Prints TryEncode: per extension the functions that check and pack operands, per variant a switch over operations.</summary>
internal sealed class EncoderPrinter : IPrinter
{
    public string Name => "encoder";

    public Fragment PrintExtension(ExtensionInput input)
    {
        var (isa, extension) = (input.Isa, input.Extension);
        var layouts = new Dictionary<string, string>();
        var parts = new List<string>();
        var writer = CodeWriter.File(Names.Namespace(isa));
        writer.Open($"internal static partial class {Names.Of(isa)}Encoder");
        foreach (var row in extension.Rows)
        {
            var layout = Layout(isa, row);
            if (!layouts.TryGetValue(layout, out var name))
            {
                layouts.Add(layout, name = $"Pack{extension.Name}{layouts.Count}");
                writer.Open($"internal static bool {name}(in Instruction instruction, uint match, int wordBits, out uint bits)");
                writer.Line("bits = match;");
                if (row.Fields.Count > 0)
                    writer.Line("long value;");
                foreach (var line in layout.Split('\n'))
                    if (line.Length > 0)
                        writer.Line(line);
                writer.Line("return true;");
                writer.Close();
                writer.Line();
            }
            parts.Add(name);
        }
        writer.Close();
        var file = new PrintedFile($"{Names.Of(isa)}.Encoder.{extension.Name}.g.cs", writer.ToString());
        return new(parts.Count == 0 ? default : new([file]), new(parts), default);
    }

    public IEnumerable<PrintedFile> PrintIsa(IsaInput input)
    {
        var isa = input.Isa;
        foreach (var variant in isa.Variants)
        {
            var writer = CodeWriter.File(Names.Namespace(isa));
            writer.Open($"public sealed unsafe partial class {Names.Class(isa, variant)}");
            writer.Line("/// <inheritdoc/>");
            writer.Open("public override bool TryEncode(in Instruction instruction, out uint bits)");
            writer.Open($"switch (({Names.Of(isa)}Operation)instruction.Operation)");
            for (var i = 0; i < input.Extensions.Count; i++)
                for (var j = 0; j < input.Extensions[i].Rows.Count; j++)
                    if (input.Extensions[i].Rows[j] is var row && row.Variants.Contains(variant.Name))
                    {
                        writer.Line($"case {Names.Operation(isa, row)}:");
                        writer.Line($"    return {Names.Of(isa)}Encoder.{input.Fragments[i].Parts[j]}(in instruction, {Names.Hex(row.Match)}, {variant.WordBits}, out bits){SpecialCases(input, variant, i, row)};");
                    }
            writer.Line("default:");
            writer.Line("    bits = 0;");
            writer.Line("    return false;");
            writer.Close();
            writer.Close();
            writer.Close();
            yield return new($"{Names.Class(isa, variant)}.Encoder.g.cs", writer.ToString());
        }
    }

    // Bits that would decode to a special case of the row, whenever the row's extension is on, are not the row's.
    private static string SpecialCases(IsaInput input, VariantModel variant, int extension, RowModel row)
    {
        var needs = ExtensionSets.Needs(input.Extensions, input.Extensions[extension]).ToArray();
        var cases = needs.SelectMany(index => input.Extensions[index].Rows)
            .Where(other => other.Over == row.Mnemonic && other.Variants.Contains(variant.Name))
            .Select(other => $" && (bits & {Names.Hex(other.Mask)}) != {Names.Hex(other.Match)}");
        return string.Concat(cases);
    }

    private static string Layout(IsaModel isa, RowModel row) =>
        string.Join("\n", row.Fields.Select(field => FieldLines(isa, row, field)));

    private static string FieldLines(IsaModel isa, RowModel row, FieldModel field)
    {
        var conditions = new List<string> { $"value is < {field.Minimum()}", $"value > {Names.Maximum(isa, field)}" };
        if (field.Shift > 0)
            conditions.Add($"(value & {field.Step() - 1}) != 0");
        conditions.AddRange(field.Excluded.Select(value => $"value == {value}"));
        return $"value = instruction.{Names.Slot(row, field.Name)};\n"
            + $"if ({string.Join(" || ", conditions)})\n    return false;\n"
            + $"bits |= {FieldCode.Insert(field)};";
    }
}
