using Dbt.Generators.Spec;
using Dbt.Generators.Spec.Checking;
using Dbt.Generators.Spec.Model;
using Microsoft.CodeAnalysis.CSharp;

namespace Dbt.Generators.Printers;

/// <summary>Names in generated code, which printers share.</summary>
internal static class Names
{
    /// <summary>The ISA in Pascal case: Riscv.</summary>
    public static string Of(IsaModel isa) => Identifiers.FromMnemonic(isa.Name);

    /// <summary>Dbt.Isa.Riscv.</summary>
    public static string Namespace(IsaModel isa) => "Dbt.Isa." + Of(isa);

    /// <summary>The class of one variant: RiscvRv64.</summary>
    public static string Class(IsaModel isa, VariantModel variant) => Of(isa) + Identifiers.FromMnemonic(variant.Name);

    /// <summary>RiscvOperation.Addi.</summary>
    public static string Operation(IsaModel isa, RowModel row) => $"{Of(isa)}Operation.{row.Identifier}";

    /// <summary>A string literal.</summary>
    public static string Literal(string text) => SymbolDisplay.FormatLiteral(text, quote: true);

    /// <summary>A 32-bit pattern.</summary>
    public static string Hex(uint bits) => "0x" + bits.ToString("x8") + "u";

    /// <summary>The slot of a row's field.</summary>
    public static string Slot(RowModel row, string field) => row.Slots.First(slot => slot.Field == field).Slot;

    /// <summary>A statement that sets all of an instruction; operands that are not given are 0.</summary>
    public static string SetInstruction(string target, string operation, string length, IEnumerable<(string Slot, string Value)> operands)
    {
        var given = operands.ToDictionary(operand => operand.Slot, operand => operand.Value);
        var values = new[] { "A", "B", "C", "D", "E", "Immediate" }.Select(slot => given.TryGetValue(slot, out var value) ? value : "0");
        return $"{target}.Set({operation}, {length}, {string.Join(", ", values)});";
    }

    /// <summary>A file as people name it: from the folder of the ISA on.</summary>
    public static string ShortPath(IsaModel isa, string path)
    {
        var root = Parent(Parent(isa.Path));
        var normal = path.Replace('\\', '/');
        return root.Length > 0 && normal.StartsWith(root + "/", StringComparison.Ordinal) ? normal.Substring(root.Length + 1) : normal;
    }

    /// <summary>The expression for a field's largest value; it may depend on a variable wordBits.</summary>
    public static string Maximum(IsaModel isa, FieldModel field)
    {
        var values = isa.Variants.Select(variant => field.Maximum(isa, variant)).Distinct().ToArray();
        return values.Length == 1 ? values[0].ToString() : $"Math.Min({field.BitsMaximum()}, wordBits - 1)";
    }

    private static string Parent(string path)
    {
        var normal = path.Replace('\\', '/');
        var slash = normal.LastIndexOf('/');
        return slash < 0 ? "" : normal.Substring(0, slash);
    }
}
