using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Printers.Decoding;

/// <summary>Prints TryDecode: a decision tree per variant, and for each extension the functions that unpack operands.</summary>
internal sealed class DecoderPrinter : IPrinter
{
    public string Name => "decoder";

    public Fragment PrintExtension(ExtensionInput input)
    {
        var (isa, extension) = (input.Isa, input.Extension);
        var layouts = new Dictionary<string, string>();
        var parts = new List<string>();
        var writer = CodeWriter.File(Names.Namespace(isa), "System.Runtime.CompilerServices");
        writer.Open($"internal static partial class {Names.Of(isa)}Decoder");
        foreach (var row in extension.Rows)
        {
            var layout = Layout(row);
            if (!layouts.TryGetValue(layout, out var name))
            {
                layouts.Add(layout, name = $"Unpack{extension.Name}{layouts.Count}");
                writer.Open($"internal static bool {name}(uint bits, {Names.Of(isa)}Operation operation, out Instruction instruction)");
                writer.Line(layout);
                writer.Line("return true;");
                writer.Close();
                writer.Line();
            }
            parts.Add(name);
        }
        writer.Close();
        var file = new PrintedFile($"{Names.Of(isa)}.Decoder.{extension.Name}.g.cs", writer.ToString());
        return new(parts.Count == 0 ? default : new([file]), new(parts), default);
    }

    public IEnumerable<PrintedFile> PrintIsa(IsaInput input)
    {
        var isa = input.Isa;
        var unpack = new Dictionary<RowModel, string>();
        var needs = new Dictionary<RowModel, string>();
        for (var i = 0; i < input.Extensions.Count; i++)
            for (var j = 0; j < input.Extensions[i].Rows.Count; j++)
            {
                unpack[input.Extensions[i].Rows[j]] = input.Fragments[i].Parts[j];
                needs[input.Extensions[i].Rows[j]] = IsOn(input.Extensions, input.Extensions[i]);
            }
        foreach (var variant in isa.Variants)
        {
            var rows = input.Extensions.SelectMany(extension => extension.Rows).Where(row => row.Variants.Contains(variant.Name)).ToArray();
            var writer = CodeWriter.File(Names.Namespace(isa));
            writer.Open($"public sealed unsafe partial class {Names.Class(isa, variant)}");
            writer.Line("/// <inheritdoc/>");
            writer.Open("public override bool TryDecode(uint bits, ExtensionSet extensions, out Instruction instruction)");
            // One comparison of 64 bits gates a row, as long as there are not more extensions.
            if (input.Extensions.Count <= 64)
                writer.Line("var on = extensions.Low;");
            var tree = new DecisionTree(writer, (at, row, untested) => Leaf(at, isa, variant, row, untested, needs[row], unpack[row]));
            if (isa.LengthMask == 0)
                tree.Print(rows, 0);
            else
            {
                writer.Open($"if ((bits & {Names.Hex(isa.LengthMask)}) == {Names.Hex(isa.LengthMatch)})");
                tree.Print(rows.Where(row => row.Length == 4).ToArray(), isa.LengthMask);
                writer.Close();
                writer.Open("else");
                tree.Print(rows.Where(row => row.Length == 2).ToArray(), 0);
                writer.Close();
            }
            writer.Line("instruction = default;");
            writer.Line("instruction.Length = (byte)LengthOf((ushort)bits);");
            writer.Line("return false;");
            writer.Close();
            writer.Close();
            yield return new($"{Names.Class(isa, variant)}.Decoder.g.cs", writer.ToString());
        }
    }

    private static void Leaf(
        CodeWriter writer, IsaModel isa, VariantModel variant, RowModel row, uint untested, string needs, string unpack)
    {
        var conditions = row.Fields.SelectMany(field => FieldCode.Conditions(isa, variant, field)).ToList();
        conditions.Insert(0, needs);
        if (untested != 0)
            conditions.Insert(0, $"(bits & {Names.Hex(untested)}) == {Names.Hex(row.Match & untested)}");
        writer.Line($"if ({string.Join(" && ", conditions)})");
        writer.Line($"    return {Names.Of(isa)}Decoder.{unpack}(bits, {Names.Operation(isa, row)}, out instruction);");
    }

    private static string IsOn(EquatableArray<ExtensionModel> extensions, ExtensionModel extension)
    {
        var needs = ExtensionSets.Literal(ExtensionSets.Needs(extensions, extension));
        return extensions.Count <= 64 ? $"(on & {needs}) == {needs}" : $"extensions.Contains(new ExtensionSet({needs}))";
    }

    // Rows of one layout share a function.
    private static string Layout(RowModel row) =>
        "Unsafe.SkipInit(out instruction); " +
        Names.SetInstruction("instruction", "(uint)operation", $"{row.Length}", row.Fields.Select(field =>
            (Names.Slot(row, field.Name), Names.Slot(row, field.Name) == "Immediate" ? FieldCode.Extract(field) : $"(byte)({FieldCode.Extract(field)})")));
}
