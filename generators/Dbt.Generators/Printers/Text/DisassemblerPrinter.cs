using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Printers.Text;

/// <summary>Prints Disassemble: templates for Dbt.Isa.Disassembly, made when first asked for.</summary>
internal sealed class DisassemblerPrinter : IPrinter
{
    public string Name => "disassembler";

    public Fragment PrintExtension(ExtensionInput input)
    {
        var (isa, extension) = (input.Isa, input.Extension);
        var writer = CodeWriter.File(Names.Namespace(isa), "Dbt.Isa.Disassembly");
        writer.Open($"internal static partial class {Names.Of(isa)}Formats");
        writer.Open($"private static void AddRows{extension.Name}(InstructionFormat?[] table, string variant, List<AliasFormat>[] aliases)");
        foreach (var row in extension.Rows)
        {
            writer.Line($"if (variant is {Patterns(row.Variants)})");
            writer.Line($"    table[(int){Names.Operation(isa, row)}] = Format({Names.Literal(Template(isa, row.Mnemonic, row, row.Operands))}, aliases[(int){Names.Operation(isa, row)}]);");
        }
        writer.Close();
        writer.Close();
        return new(new([new PrintedFile($"{Names.Of(isa)}.Formats.{extension.Name}.g.cs", writer.ToString())]), default, default);
    }

    public IEnumerable<PrintedFile> PrintIsa(IsaInput input)
    {
        var isa = input.Isa;
        var name = Names.Of(isa);
        var writer = CodeWriter.File(Names.Namespace(isa), "Dbt.Isa.Disassembly");
        writer.Open($"internal static partial class {name}Formats");
        writer.Open("public static InstructionFormat?[] Make(string variant)");
        writer.Line($"var aliases = new List<AliasFormat>[{name}Tables.OperationCount];");
        writer.Line("for (var i = 0; i < aliases.Length; i++)");
        writer.Line("    aliases[i] = [];");
        writer.Line("AddAliases(aliases, variant);");
        writer.Line($"var table = new InstructionFormat?[{name}Tables.OperationCount];");
        foreach (var extension in input.Extensions)
            writer.Line($"AddRows{extension.Name}(table, variant, aliases);");
        writer.Line("return table;");
        writer.Close();
        writer.Line();
        writer.Line("private static InstructionFormat Format(string template, List<AliasFormat> aliases) =>");
        writer.Line("    new(template, [.. aliases.OrderByDescending(alias => alias.Conditions.Length)]);");
        writer.Line();
        writer.Open("private static void AddAliases(List<AliasFormat>[] aliases, string variant)");
        var rows = input.Extensions.SelectMany(extension => extension.Rows).ToArray();
        foreach (var alias in input.Extensions.SelectMany(extension => extension.Aliases))
            foreach (var row in rows.Where(row => row.Mnemonic == alias.Base && row.Variants.Intersect(alias.Variants).Any()))
            {
                var conditions = alias.Conditions.Select(condition => condition.OtherField.Length > 0
                    ? $"new(OperandSlot.{Names.Slot(row, condition.Field)}, 0, OperandSlot.{Names.Slot(row, condition.OtherField)})"
                    : $"new(OperandSlot.{Names.Slot(row, condition.Field)}, {condition.Value})");
                writer.Line($"if (variant is {Patterns(row.Variants.Intersect(alias.Variants))})");
                writer.Line($"    aliases[(int){Names.Operation(isa, row)}].Add(new({Names.Literal(Template(isa, alias.Mnemonic, row, alias.Operands))}, [{string.Join(", ", conditions)}]));");
            }
        writer.Close();
        writer.Close();
        foreach (var variant in isa.Variants)
            PrintVariant(writer, input, variant);
        yield return new($"{name}.Formats.g.cs", writer.ToString());
    }

    // A compressed form is printed as its base, unless it has an alias of its own.
    private static void PrintVariant(CodeWriter writer, IsaInput input, VariantModel variant)
    {
        writer.Line();
        writer.Open($"public sealed unsafe partial class {Names.Class(input.Isa, variant)}");
        writer.Line("private InstructionFormat?[]? formats;");
        writer.Line("private InstructionFormatter? formatter;");
        writer.Line();
        writer.Line("/// <inheritdoc/>");
        writer.Open("public override string Disassemble(in Instruction instruction, ulong pc, DisassemblyStyle style = DisassemblyStyle.Default)");
        writer.Line($"formats ??= {Names.Of(input.Isa)}Formats.Make(Name);");
        writer.Line("formatter ??= new InstructionFormatter(this);");
        writer.Line("return formatter.Disassemble(formats, instruction, pc, style);");
        writer.Close();
        writer.Close();
    }

    private static string Patterns(IEnumerable<string> variants) => string.Join(" or ", variants.Select(Names.Literal));

    private static string Template(IsaModel isa, string mnemonic, RowModel row, EquatableArray<OperandModel> operands)
    {
        var order = row.OrderField.Length > 0 ? $"%{SlotLetter(row, row.OrderField)}o" : "";
        var text = string.Concat(operands.Where(operand => !operand.Hidden).Select(operand => operand.Field.Length > 0
            ? $"%{SlotLetter(row, operand.Field)}{(operand.PcRelative ? 'p' : Letter(isa, row.Fields.First(field => field.Name == operand.Field)))}"
            : Literal(isa, operand.Literal)));
        return mnemonic + order + (text.Length > 0 ? "\t" + text : "");
    }

    private static char SlotLetter(RowModel row, string field) => Names.Slot(row, field)[0];

    private static string Literal(IsaModel isa, string literal)
    {
        for (var file = 0; file < isa.RegisterFiles.Count; file++)
            if (isa.RegisterFiles[file].Names.ToList().IndexOf(literal) is >= 0 and var number)
                return $"%={file}{number:d2}";
        return literal;
    }

    private static char Letter(IsaModel isa, FieldModel field) => field.Kind switch
    {
        FieldKind.Register => (char)('0' + isa.RegisterFiles.ToList().FindIndex(file => file.Name == field.RegisterFile)),
        FieldKind.Signed or FieldKind.Unsigned => 'd',
        FieldKind.Hex or FieldKind.Shift => 'h',
        FieldKind.Upper => 'u',
        FieldKind.Csr => 'c',
        FieldKind.Rounding => 'r',
        FieldKind.Order => 'o',
        _ => 'f',
    };
}
