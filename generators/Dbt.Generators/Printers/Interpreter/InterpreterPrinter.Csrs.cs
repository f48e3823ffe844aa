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
            if (csr.IsExternal)
            {
                PrintCsrCase(writer, input, csr);
                writer.Line("    return SystemAccess.TryReadRegister(state, system, number, out value);");
                continue;
            }
            if (csr.View != null)
            {
                PrintCsrCase(writer, input, csr);
                writer.Line($"    value = {CsrViewPrinter.Read(input.Isa, csr.View)};");
                writer.Line("    return true;");
                continue;
            }
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
        foreach (var csr in input.Extension.Csrs.Where(csr => csr.Variants.Contains(variant.Name) && (csr.IsExternal || csr.View != null || csr.Write.Text.Length > 0)))
        {
            if (csr.IsExternal)
            {
                PrintCsrCase(writer, input, csr);
                writer.Line("    return SystemAccess.TryWriteRegister(state, system, number, value);");
                continue;
            }
            if (csr.View != null)
            {
                PrintCsrCase(writer, input, csr);
                writer.Indent();
                CsrViewPrinter.PrintWrite(input.Isa, csr.View, writer);
                writer.Line("return true;");
                writer.Outdent();
                continue;
            }
            if (SemanticsReader.ReadWrite(csr, variant, input.Isa, diagnostics) is not { } statements)
                continue;
            PrintCsrCase(writer, input, csr);
            writer.Indent();
            foreach (var statement in statements)
                if (statement is WriteState write)
                    new CSharpExpressions(null!, "", "").PrintWrite(write, writer);
                else if (statement is WriteHart hart)
                    writer.Line($"state->{hart.Target} = (uint)({new CSharpExpressions(null!, "", "").Print(hart.Value)});");
            writer.Line("return true;");
            writer.Outdent();
        }
        return writer.ToString();
    }

    // A condition for registers of any extension, while the guard's own extension is on.
    private static string PrintGuards(ExtensionInput input, VariantModel variant, List<SpecDiagnostic> diagnostics)
    {
        var writer = Inside(2);
        foreach (var guard in input.Extension.Guards.Where(guard => guard.Variants.Contains(variant.Name)))
        {
            if (SemanticsReader.ReadGuard(guard, variant, input.Isa, diagnostics) is not { } condition)
                continue;
            var names = string.Join(" or ", guard.Csrs.Select(csr => $"\"{csr.Text}\""));
            writer.Line($"// {names}");
            writer.Line($"if (number is {string.Join(" or ", guard.Csrs.Select(csr => GuardedNumber(csr.Text)))} && state->Extensions.Contains({Names.Of(input.Isa)}Extension.{input.Extension.Name}) && !({new CSharpExpressions(null!, "", "").Print(condition)}))");
            writer.Line("    return false;");
        }
        return writer.ToString();
    }

    // The number is another file's to know: a constant that the whole ISA prints.
    private static string GuardedNumber(string csr) => $"Number_{csr}";

    private static void PrintNumbers(CodeWriter writer, IsaInput input, VariantModel variant)
    {
        var guarded = new HashSet<string>(input.Extensions.SelectMany(extension => extension.Guards).SelectMany(guard => guard.Csrs).Select(csr => csr.Text));
        foreach (var csr in input.Extensions.SelectMany(extension => extension.Csrs).Where(csr => csr.Variants.Contains(variant.Name) && guarded.Contains(csr.Name)))
            writer.Line($"private const int {GuardedNumber(csr.Name)} = 0x{csr.Number:x3};");
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
        var writer = CodeWriter.File(Names.Namespace(input.Isa), "Dbt.Isa.Interpreting", "Dbt.Isa.Systems");
        writer.Line($"/// <summary>Control and status registers of {variant.Name}. False: the register does not exist now, or is read-only.</summary>");
        writer.Open($"internal static unsafe class {Names.Class(input.Isa, variant)}Csrs");
        PrintNumbers(writer, input, variant);
        writer.Line($"/// <summary>Reads a register; when its value is not wanted, nothing happens.</summary>");
        writer.Open($"public static bool TryRead(HartHeader* state, int number, bool wanted, out {ValueTypes.Word(variant.WordBits).Name()} value)");
        writer.Line("value = 0;");
        writer.Line("if (!wanted)");
        writer.Line("    return true;");
        PrintAllowed(writer, input, false);
        PrintSwitch(writer, input, first + CsrReads);
        writer.Line();
        writer.Line("/// <summary>Writes a register.</summary>");
        writer.Open($"public static bool TryWrite(HartHeader* state, int number, {ValueTypes.Word(variant.WordBits).Name()} value)");
        PrintAllowed(writer, input, true);
        PrintSwitch(writer, input, first + CsrWrites);
        PrintMayAccess(writer, input, first);
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

    private static void PrintAllowed(CodeWriter writer, IsaInput input, bool writes)
    {
        var mask = input.Isa.CsrAccess.ReadOnlyMask;
        var readOnly = writes && mask != 0 ? $"(number & 0x{mask:x}) == 0x{mask:x} || " : "";
        writer.Line($"if ({readOnly}!MayAccess(state, number))");
        writer.Line("    return false;");
        if (input.Isa.States.Count == 0)
            return;
        PrintWords(writer, input.Isa);
    }

    private static void PrintWords(CodeWriter writer, IsaModel isa)
    {
        writer.Line($"var words = ({Names.Of(isa)}State*)state;");
        writer.Line("var system = &words->System;");
    }

    private static void PrintMayAccess(CodeWriter writer, IsaInput input, int first)
    {
        var access = input.Isa.CsrAccess;
        writer.Line();
        writer.Open("private static bool MayAccess(HartHeader* state, int number)");
        if (input.Isa.States.Count > 0)
            PrintWords(writer, input.Isa);
        if (access.PrivilegeWidth > 0 && input.Isa.States.Any(state => state.Name == "privilege"))
        {
            writer.Line($"if ((ulong)(number >> {access.PrivilegeLow} & 0x{(1 << access.PrivilegeWidth) - 1:x}) > words->Privilege)");
            writer.Line("    return false;");
        }
        foreach (var fragment in input.Fragments)
            writer.Raw(fragment.Parts[first + Guards]);
        writer.Line("return true;");
        writer.Close();
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
