using Dbt.Generators.Semantics;
using Dbt.Generators.Semantics.Tree;
using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Printers.Interpreter;

/// <summary>Prints everything that is executed or derived from semantics: the interpreter, expansion, traits, targets and system registers.</summary>
internal sealed partial class InterpreterPrinter : IPrinter
{
    // Parts of a fragment: the traits, then these for each variant.
    private const int Cases = 1;
    private const int Methods = 2;
    private const int Expansions = 3;
    private const int Targets = 4;
    private const int CsrReads = 5;
    private const int CsrWrites = 6;
    private const int CsrUsers = 7;
    private const int FpCsrs = 8;
    private const int Guards = 9;
    private const int SystemCases = 10;
    private const int SystemMethods = 11;
    private const int PartsPerVariant = 11;

    public string Name => "interpreter";

    public Fragment PrintExtension(ExtensionInput input)
    {
        var semantics = new ExtensionSemantics(input);
        var diagnostics = semantics.Diagnostics.ToList();
        var parts = new List<string> { PrintTraits(input, semantics) };
        foreach (var variant in input.Isa.Variants)
        {
            var rows = semantics.Of(input.Extension, variant).ToArray();
            parts.Add(PrintCases(input.Isa, rows, false));
            parts.Add(PrintMethods(input.Isa, rows, false));
            parts.Add(PrintExpansions(input.Isa, rows));
            parts.Add(PrintTargets(input.Isa, rows));
            parts.Add(PrintCsrReads(input, variant, diagnostics));
            parts.Add(PrintCsrWrites(input, variant, diagnostics));
            parts.Add(PrintCsrUsers(input.Isa, rows));
            parts.Add(PrintFpCsrs(input, variant));
            parts.Add(PrintGuards(input, variant, diagnostics));
            parts.Add(HasSystemLoop(input.Isa, variant) ? PrintCases(input.Isa, rows, true) : "");
            parts.Add(HasSystemLoop(input.Isa, variant) ? PrintMethods(input.Isa, rows.Where(RowPrinter.AccessesMemory), true) : "");
        }
        return new(default, new(parts), new(diagnostics.Distinct()));
    }

    public IEnumerable<PrintedFile> PrintIsa(IsaInput input)
    {
        yield return new($"{Names.Of(input.Isa)}.Traits.g.cs", PrintTraits(input));
        for (var i = 0; i < input.Isa.Variants.Count; i++)
        {
            var variant = input.Isa.Variants[i];
            var first = i * PartsPerVariant;
            yield return new($"{Names.Class(input.Isa, variant)}.Interpreter.g.cs", PrintInterpreter(input, variant, first));
            yield return new($"{Names.Class(input.Isa, variant)}.Csrs.g.cs", PrintCsrs(input, variant, first));
        }
    }

    // One number per operation, in the order of their numbers.
    private static string PrintTraits(ExtensionInput input, ExtensionSemantics semantics)
    {
        var writer = new CodeWriter();
        writer.Indent();
        writer.Indent();
        var all = input.Isa.Variants.SelectMany(variant => semantics.Of(input.Extension, variant)).ToLookup(row => row.Row.Identifier);
        foreach (var row in input.Extension.Rows)
        {
            var traits = all[row.Identifier].SelectMany(RowTraits.Of)
                .Concat(all[row.Identifier].SelectMany(form => TraitsOfBase(form, input)))
                .Distinct().OrderBy(name => name, StringComparer.Ordinal).Select(name => "OperationTraits." + name).ToArray();
            writer.Line($"(ushort)({(traits.Length == 0 ? "OperationTraits.None" : string.Join(" | ", traits))}), // {row.Mnemonic}");
        }
        return writer.ToString();
    }

    private static IEnumerable<string> TraitsOfBase(RowSemantics form, ExtensionInput input)
    {
        if (form.Base == null)
            return [];
        var semantics = SemanticsReader.Read(form.Base.Row, form.Variant, input.Isa, input.Called, []);
        return semantics == null ? [] : RowTraits.Of(semantics);
    }

    private static string PrintTraits(IsaInput input)
    {
        var writer = CodeWriter.File(Names.Namespace(input.Isa));
        writer.Open($"internal static partial class {Names.Of(input.Isa)}Tables");
        writer.Line("public static OperationTraits TraitsOf(ushort operation) => (OperationTraits)Traits[operation];");
        writer.Line();
        writer.Line("private static ReadOnlySpan<ushort> Traits =>");
        writer.Line("[");
        writer.Line("    0, 0, 0,");
        foreach (var fragment in input.Fragments)
            writer.Raw(fragment.Parts[0]);
        writer.Line("];");
        writer.Close();
        return writer.ToString();
    }

    private static CodeWriter Inside(int depth)
    {
        var writer = new CodeWriter();
        for (var i = 0; i < depth; i++)
            writer.Indent();
        return writer;
    }

    // Machines are built of the widest variant.
    private static bool HasSystemLoop(IsaModel isa, VariantModel variant) => isa.States.Count > 0 && variant.WordBits == 64;

    private static string PrintCases(IsaModel isa, IReadOnlyList<RowSemantics> rows, bool system)
    {
        var writer = Inside(4);
        foreach (var row in rows.Where(row => row.Base == null))
        {
            writer.Line($"case {Names.Operation(isa, row.Row)}:");
            writer.Line("{");
            writer.Indent();
            if (RowPrinter.IsOutOfLine(row))
            {
                writer.Line($"if (!{RowPrinter.MethodName(row, system)}(state, i))");
                writer.Line("    return;");
                writer.Line("break;");
            }
            else
            {
                new RowPrinter(isa, row, writer, system).Print();
            }
            writer.Close();
        }
        return writer.ToString();
    }

    private static string PrintMethods(IsaModel isa, IEnumerable<RowSemantics> rows, bool system)
    {
        var writer = Inside(1);
        foreach (var row in rows.Where(RowPrinter.IsOutOfLine))
        {
            writer.Line();
            writer.Line("[MethodImpl(MethodImplOptions.NoInlining)]");
            writer.Open($"private static bool {RowPrinter.MethodName(row, system)}(HartHeader* state, PredecodedInstruction* i)");
            new RowPrinter(isa, row, writer, system).Print();
            writer.Close();
        }
        return writer.ToString();
    }

    private static string PrintExpansions(IsaModel isa, IReadOnlyList<RowSemantics> rows)
    {
        var writer = Inside(2);
        foreach (var row in rows)
        {
            if (row.Base == null)
                continue;
            var operands = row.Base.Arguments.Select(argument => PrintArgument(row, argument));
            writer.Line($"case {Names.Operation(isa, row.Row)}:");
            writer.Line("    " + Names.SetInstruction("instruction", $"(uint){Names.Operation(isa, row.Base.Row)}", "instruction.Length", operands));
            writer.Line("    break;");
        }
        return writer.ToString();
    }

    private static (string Slot, string Value) PrintArgument(RowSemantics row, BaseArgument argument)
    {
        var slot = Names.Slot(row.Base!.Row, argument.Target.Name);
        if (argument.Source == null)
            return (slot, $"{argument.Number}");
        var source = Names.Slot(row.Row, argument.Source.Name);
        return (slot, source == "Immediate" && slot != "Immediate" ? $"(byte)instruction.{source}" : $"instruction.{source}");
    }

    private static string PrintTargets(IsaModel isa, IReadOnlyList<RowSemantics> rows)
    {
        var writer = Inside(2);
        foreach (var row in rows)
        {
            var jump = row.Statements.WithNested().OfType<Jump>().FirstOrDefault(RowTraits.IsDirect);
            if (jump != null)
                writer.Line($"{Names.Operation(isa, row.Row)} => {new CSharpExpressions(row.Row, "expanded", "pc").Print(jump.Target)},");
        }
        return writer.ToString();
    }
}
