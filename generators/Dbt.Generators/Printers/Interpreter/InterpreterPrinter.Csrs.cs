using Dbt.Generators.Semantics;
using Dbt.Generators.Semantics.Tree;
using Dbt.Generators.Spec;
using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Printers.Interpreter;

internal sealed partial class InterpreterPrinter
{
    private static string PrintCsrReads(ExtensionInput input, VariantModel variant, List<SpecDiagnostic> diagnostics)
    {
        var writer = Inside(3);
        foreach (var csr in input.Extension.Csrs.Where(csr => csr.Variants.Contains(variant.Name)))
        {
            if (SemanticsReader.ReadValue(csr, variant, input.Isa, diagnostics) is not { } value)
                continue;
            PrintCsrCase(writer, input, csr);
            writer.Line($"    value = {new CSharpExpressions(null!, "", "").Print(value)};");
            writer.Line("    return true;");
        }
        return writer.ToString();
    }

    private static string PrintCsrWrites(ExtensionInput input, VariantModel variant, List<SpecDiagnostic> diagnostics)
    {
        var writer = Inside(3);
        foreach (var csr in input.Extension.Csrs.Where(csr => csr.Variants.Contains(variant.Name) && csr.Write.Text.Length > 0))
        {
            if (SemanticsReader.ReadWrite(csr, variant, input.Isa, diagnostics) is not { } statements)
                continue;
            PrintCsrCase(writer, input, csr);
            foreach (var statement in statements.OfType<WriteHart>())
                writer.Line($"    state->{statement.Target} = (uint)({new CSharpExpressions(null!, "", "").Print(statement.Value)});");
            writer.Line("    return true;");
        }
        return writer.ToString();
    }

    private static string PrintCsrUsers(IsaModel isa, IReadOnlyList<RowSemantics> rows)
    {
        var writer = Inside(2);
        foreach (var row in rows)
        {
            var csr = row.Statements.AllExpressions().OfType<CsrRead>().Select(read => read.Csr)
                .Concat(row.Statements.WithNested().OfType<CsrWrite>().Select(write => write.Csr)).FirstOrDefault();
            if (csr != null)
                writer.Line($"{Names.Operation(isa, row.Row)} => (int)instruction.{Names.Slot(row.Row, csr.Name)},");
        }
        return writer.ToString();
    }

    private static string PrintFpCsrs(ExtensionInput input, VariantModel variant)
    {
        var writer = Inside(2);
        foreach (var csr in input.Extension.Csrs.Where(csr => csr.Variants.Contains(variant.Name)))
            if (CsrTraits.IsFloatingPointState(csr, variant, input.Isa))
                writer.Line($"0x{csr.Number:x3} => extensions.Contains({Names.Of(input.Isa)}Extension.{input.Extension.Name}), // {csr.Name}");
        return writer.ToString();
    }

    private static void PrintCsrCase(CodeWriter writer, ExtensionInput input, CsrModel csr) =>
        writer.Line($"case 0x{csr.Number:x3} when state->Extensions.Contains({Names.Of(input.Isa)}Extension.{input.Extension.Name}): // {csr.Name}");

    private static string PrintCsrs(IsaInput input, VariantModel variant, int first)
    {
        var writer = CodeWriter.File(Names.Namespace(input.Isa), "Dbt.Isa.Interpreting");
        writer.Line($"/// <summary>Control and status registers of {variant.Name}. False: the register does not exist now, or is read-only.</summary>");
        writer.Open($"internal static unsafe class {Names.Class(input.Isa, variant)}Csrs");
        writer.Line($"/// <summary>Reads a register; when its value is not wanted, nothing happens.</summary>");
        writer.Open($"public static bool TryRead(HartHeader* state, int number, bool wanted, out {ValueTypes.Word(variant.WordBits).Name()} value)");
        writer.Line("value = 0;");
        writer.Line("if (!wanted)");
        writer.Line("    return true;");
        PrintSwitch(writer, input, first + CsrReads);
        writer.Line();
        writer.Line("/// <summary>Writes a register.</summary>");
        writer.Open($"public static bool TryWrite(HartHeader* state, int number, {ValueTypes.Word(variant.WordBits).Name()} value)");
        PrintSwitch(writer, input, first + CsrWrites);
        writer.Close();
        writer.Line();
        writer.Open($"public sealed unsafe partial class {Names.Class(input.Isa, variant)}");
        writer.Line("/// <inheritdoc/>");
        writer.Line($"public override bool AccessesFloatingPointState(in Instruction instruction, ExtensionSet extensions) => (({Names.Of(input.Isa)}Operation)instruction.Operation switch");
        writer.Line("{");
        foreach (var fragment in input.Fragments)
            writer.Raw(fragment.Parts[first + CsrUsers]);
        writer.Line("    _ => -1,");
        writer.Line("}) switch");
        writer.Line("{");
        foreach (var fragment in input.Fragments)
            writer.Raw(fragment.Parts[first + FpCsrs]);
        writer.Line("    _ => false,");
        writer.Line("};");
        writer.Close();
        return writer.ToString();
    }

    private static void PrintSwitch(CodeWriter writer, IsaInput input, int part)
    {
        writer.Open("switch (number)");
        foreach (var fragment in input.Fragments)
            writer.Raw(fragment.Parts[part]);
        writer.Line("default:");
        writer.Line("    return false;");
        writer.Close();
        writer.Close();
    }
}
