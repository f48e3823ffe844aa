using Dbt.Generators.Semantics;
using Dbt.Generators.Semantics.Tree;
using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Printers.Lifter;

/// <summary>
/// Prints, for each variant, the class that tells builders what instructions do. A method per operation, so that
/// the JIT compiles those only that a guest uses.
/// </summary>
internal sealed class LifterPrinter : IPrinter
{
    public string Name => "lifter";

    // Parts for each variant: the operations, reads and writes of system registers.
    private const int Cases = 0;
    private const int CsrReads = 1;
    private const int CsrWrites = 2;
    private const int PartsPerVariant = 3;

    public Fragment PrintExtension(ExtensionInput input)
    {
        var semantics = new ExtensionSemantics(input);
        var files = new List<PrintedFile>();
        var parts = new List<string>();
        foreach (var variant in input.Isa.Variants)
        {
            var rows = semantics.Of(input.Extension, variant).Where(row => row.Base == null).ToArray();
            var cases = new CodeWriter();
            for (var depth = 0; depth < 3; depth++)
                cases.Indent();
            var methods = Open(input.Isa, variant);
            foreach (var row in rows)
            {
                cases.Line($"case {Names.Operation(input.Isa, row.Row)}:");
                cases.Line($"    {row.Row.Identifier}<TBuilder, TValue>(instruction, pc, ref builder);");
                cases.Line("    break;");
                methods.Line();
                new LiftStatements(input.Isa, row, methods).Print();
            }
            methods.Close();
            parts.Add(cases.ToString());
            PrintCsrs(input, variant, parts);
            if (rows.Length > 0)
                files.Add(new($"{ClassName(input.Isa, variant)}.{input.Extension.Name}.g.cs", methods.ToString()));
        }
        return new(new(files), new(parts), semantics.Diagnostics);
    }

    public IEnumerable<PrintedFile> PrintIsa(IsaInput input)
    {
        for (var i = 0; i < input.Isa.Variants.Count; i++)
            yield return new($"{ClassName(input.Isa, input.Isa.Variants[i])}.g.cs", PrintLifter(input, i));
        yield return new("GuestLifters.g.cs", PrintList(input.Isa));
    }

    // Of the floating-point state only: the others are the interpreter's.
    private static void PrintCsrs(ExtensionInput input, VariantModel variant, List<string> parts)
    {
        var (reads, writes) = (new CodeWriter(), new CodeWriter());
        foreach (var writer in new[] { reads, writes })
            for (var depth = 0; depth < 3; depth++)
                writer.Indent();
        var expressions = new LiftExpressions(input.Isa, null!);
        foreach (var csr in input.Extension.Csrs.Where(csr => csr.Variants.Contains(variant.Name)))
        {
            if (!CsrTraits.IsFloatingPointState(csr, variant, input.Isa))
                continue;
            reads.Line($"case 0x{csr.Number:x3}: // {csr.Name}");
            reads.Line($"    return {expressions.Print(SemanticsReader.ReadValue(csr, variant, input.Isa, [])!)};");
            writes.Line($"case 0x{csr.Number:x3}: // {csr.Name}");
            foreach (var write in SemanticsReader.ReadWrite(csr, variant, input.Isa, [])!.OfType<WriteHart>())
                writes.Line($"    b.Write{write.Target}(b.Convert(ValueType.U64, {expressions.Print(write.Value)}));");
            writes.Line("    break;");
        }
        parts.Add(reads.ToString());
        parts.Add(writes.ToString());
    }

    private static string ClassName(IsaModel isa, VariantModel variant) => Names.Class(isa, variant) + "Lifter";

    private static string Namespace(IsaModel isa) => "Dbt.Translator." + Names.Of(isa);

    private static CodeWriter Open(IsaModel isa, VariantModel variant)
    {
        var writer = CodeWriter.File(
            Namespace(isa), "System", "Dbt.Isa", "Dbt.Isa.FloatingPoint", Names.Namespace(isa), "Dbt.Isa.Semantics", "Dbt.Translator.Baseline", "Dbt.Translator.Semantics", "ValueType = Dbt.Isa.Semantics.ValueType");
        writer.Open($"internal sealed partial class {ClassName(isa, variant)}");
        return writer;
    }

    private static string PrintLifter(IsaInput input, int variant)
    {
        var isa = input.Isa;
        var name = ClassName(isa, isa.Variants[variant]);
        var writer = Open(isa, isa.Variants[variant]);
        writer.Line($"public static {name} Instance {{ get; }} = new();");
        writer.Line();
        writer.Line($"public override GuestIsa Isa => {Names.Class(isa, isa.Variants[variant])}.Instance;");
        writer.Line();
        writer.Open("public override void Lift<TBuilder, TValue>(ReadOnlySpan<PredecodedInstruction> block, ref TBuilder builder)");
        writer.Line("foreach (ref readonly var predecoded in block)");
        PrintLift(writer, "predecoded", "TBuilder, TValue");
        writer.Close();
        writer.Line();
        // Compilation ahead of time follows static calls of generic methods, not virtual ones, and has no spans of other assemblies' structures.
        writer.Open("internal override unsafe void Lift(PredecodedInstruction* block, int count, ref X64Builder builder)");
        writer.Line("for (var i = 0; i < count; i++)");
        PrintLift(writer, "block[i]", "X64Builder, Operand");
        writer.Close();
        writer.Line();
        writer.Line("private static void Lift<TBuilder, TValue>(in Instruction instruction, ulong pc, ref TBuilder builder)");
        writer.Line("    where TBuilder : ISemanticsBuilder<TValue>");
        writer.Open();
        writer.Open($"switch (({Names.Of(isa)}Operation)instruction.Operation)");
        foreach (var fragment in input.Fragments)
            writer.Raw(fragment.Parts[variant * PartsPerVariant + Cases]);
        writer.Line("default:");
        writer.Line("    builder.Exit(ExitReason.IllegalInstruction);");
        writer.Line("    break;");
        writer.Close();
        writer.Close();
        PrintCsrSwitch(
            writer, input, variant * PartsPerVariant + CsrReads, "TValue ReadCsr<TBuilder, TValue>(int number, ref TBuilder b)",
            $"return b.Constant(ValueType.{ValueTypes.Word(isa.Variants[variant].WordBits)}, 0);");
        PrintCsrSwitch(
            writer, input, variant * PartsPerVariant + CsrWrites, "void WriteCsr<TBuilder, TValue>(int number, TValue value, ref TBuilder b)", "break;");
        writer.Close();
        return writer.ToString().Replace($"partial class {name}", $"partial class {name} : GuestLifter");
    }

    // The body of a loop over instructions.
    private static void PrintLift(CodeWriter writer, string instruction, string arguments)
    {
        writer.Open();
        writer.Line($"if (!builder.Begin({instruction}))");
        writer.Line("    break;");
        writer.Line($"Lift<{arguments}>({instruction}.Instruction, {instruction}.Pc, ref builder);");
        writer.Close();
    }

    // No other number comes here: builders say so.
    private static void PrintCsrSwitch(CodeWriter writer, IsaInput input, int part, string signature, string otherwise)
    {
        writer.Line();
        writer.Line($"private static {signature}");
        writer.Line("    where TBuilder : ISemanticsBuilder<TValue>");
        writer.Open();
        writer.Open("switch (number)");
        foreach (var fragment in input.Fragments)
            writer.Raw(fragment.Parts[part]);
        writer.Line("default:");
        writer.Line($"    {otherwise}");
        writer.Close();
        writer.Close();
    }

    private static string PrintList(IsaModel isa)
    {
        var writer = CodeWriter.File("Dbt.Translator.Semantics", "System", "Dbt.Isa", Namespace(isa));
        writer.Line("/// <summary>The lifters that are generated from isa-specs.</summary>");
        writer.Open("public static class GuestLifters");
        writer.Line("/// <summary>The lifter of a variant.</summary>");
        writer.Line("/// <exception cref=\"ArgumentException\">It has none.</exception>");
        writer.Open("public static GuestLifter For(GuestIsa isa)");
        writer.Line("ArgumentNullException.ThrowIfNull(isa);");
        foreach (var variant in isa.Variants)
        {
            writer.Line($"if (isa == {ClassName(isa, variant)}.Instance.Isa)");
            writer.Line($"    return {ClassName(isa, variant)}.Instance;");
        }
        writer.Line("throw new ArgumentException($\"There is no lifter for {isa.Name}.\", nameof(isa));");
        writer.Close();
        writer.Close();
        return writer.ToString();
    }
}
