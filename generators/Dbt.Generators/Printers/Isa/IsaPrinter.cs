using Dbt.Generators.Spec;
using Dbt.Generators.Spec.Checking;
using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Printers.Isa;

/// <summary>Prints what an ISA is: state, operations, and a class per variant with lazily made tables.</summary>
internal sealed class IsaPrinter : IPrinter
{
    // EngineOperation.FirstGuestOperation.
    private const int FirstOperation = 3;

    public string Name => "isa";

    public Fragment PrintExtension(ExtensionInput input)
    {
        var (isa, extension) = (input.Isa, input.Extension);
        var writer = CodeWriter.File(Names.Namespace(isa));
        writer.Open($"internal static partial class {Names.Of(isa)}Tables");
        writer.Open($"private static void Add{extension.Name}(OperationInfo?[] table, string variant, int wordBits)");
        foreach (var row in extension.Rows)
            PrintOperation(writer, isa, extension, row);
        writer.Close();
        writer.Line();
        writer.Open($"private static void Add{extension.Name}(List<CsrInfo> table, string variant)");
        foreach (var csr in extension.Csrs)
        {
            writer.Line($"if (variant is {Patterns(csr.Variants)})");
            writer.Line($"    table.Add(new({Names.Literal(csr.Name)}, 0x{csr.Number:x3}, {Names.Literal(extension.Name)}, {(IsReadOnly(isa, csr) ? "true" : "false")}));");
        }
        writer.Close();
        writer.Close();
        return new(new([new PrintedFile($"{Names.Of(isa)}.Operations.{extension.Name}.g.cs", writer.ToString())]), default, default);
    }

    public IEnumerable<PrintedFile> PrintIsa(IsaInput input)
    {
        var name = Names.Of(input.Isa);
        yield return new($"{name}.Operation.g.cs", PrintOperations(input));
        yield return new($"{name}.State.g.cs", PrintState(input.Isa));
        yield return new($"{name}.Csr.g.cs", PrintExternalCsrs(input));
        yield return new($"{name}.Tables.g.cs", PrintTables(input));
        foreach (var variant in input.Isa.Variants)
            yield return new($"{Names.Class(input.Isa, variant)}.g.cs", PrintVariant(input, variant));
    }

    private static string Patterns(IEnumerable<string> variants) => string.Join(" or ", variants.Select(Names.Literal));

    private static bool IsReadOnly(IsaModel isa, CsrModel csr) =>
        csr.View == null && !csr.IsExternal ? csr.Write.Text.Length == 0 : isa.CsrAccess.ReadOnlyMask is not 0 and var mask && (csr.Number & mask) == mask;

    private static void PrintOperation(CodeWriter writer, IsaModel isa, ExtensionModel extension, RowModel row)
    {
        writer.Line($"if (variant is {Patterns(row.Variants)})");
        writer.Indent();
        writer.Line($"table[(int){Names.Operation(isa, row)}] = new({Names.Literal(row.Mnemonic)}, {Names.Literal(extension.Name)}, {Names.Of(isa)}Extension.{extension.Name}, {Names.Hex(row.Mask)}, {Names.Hex(row.Match)}, {row.Length},");
        writer.Line("[");
        foreach (var field in row.Fields)
            writer.Line($"    new({Names.Literal(field.Name)}, OperandSlot.{Names.Slot(row, field.Name)}, {Names.Literal(KindName(field))}, {field.Minimum()}, {Names.Maximum(isa, field)}, {field.Step()}, [{string.Join(", ", field.Excluded)}]),");
        writer.Line($"], TraitsOf((ushort){Names.Operation(isa, row)}), {Names.Literal(row.Semantics.Text)}, {Names.Literal(Names.ShortPath(isa, extension.Path) + ":" + (row.Location.Line + 1))});");
        writer.Outdent();
    }

    private static string KindName(FieldModel field) =>
        field.Kind == FieldKind.Register ? field.RegisterFile : field.Kind.ToString().ToLowerInvariant();

    private static string PrintOperations(IsaInput input)
    {
        var writer = CodeWriter.File(Names.Namespace(input.Isa));
        writer.Line($"/// <summary>Every operation of {input.Isa.Title}, all variants together.</summary>");
        writer.Open($"public enum {Names.Of(input.Isa)}Operation : ushort");
        writer.Line("/// <summary>Bits that mean nothing, see <see cref=\"EngineOperation\"/>.</summary>");
        writer.Line("Illegal = EngineOperation.Illegal,");
        var number = FirstOperation;
        foreach (var extension in input.Extensions)
            foreach (var row in extension.Rows)
            {
                writer.Line();
                writer.Line($"/// <summary><c>{row.Mnemonic}</c> of {extension.Name}.</summary>");
                writer.Line($"{row.Identifier} = {number++},");
            }
        writer.Close();
        writer.Line();
        writer.Line("/// <summary>Index of each extension in an <see cref=\"ExtensionSet\"/>.</summary>");
        writer.Open($"internal static class {Names.Of(input.Isa)}Extension");
        for (var i = 0; i < input.Extensions.Count; i++)
            writer.Line($"public const int {input.Extensions[i].Name} = {i};");
        writer.Close();
        return writer.ToString();
    }

    private static string PrintExternalCsrs(IsaInput input)
    {
        var writer = CodeWriter.File(Names.Namespace(input.Isa));
        writer.Line("/// <summary>Numbers of the system registers that the machine around a hart answers for it.</summary>");
        writer.Open($"public static class {Names.Of(input.Isa)}Csr");
        foreach (var csr in input.Extensions.SelectMany(extension => extension.Csrs).Where(csr => csr.IsExternal))
        {
            writer.Line($"/// <summary><c>{csr.Name}</c>.</summary>");
            writer.Line($"public const int {Identifiers.FromMnemonic(csr.Name)} = 0x{csr.Number:x3};");
        }
        writer.Close();
        return writer.ToString();
    }

    private static string PrintState(IsaModel isa)
    {
        var writer = CodeWriter.File(Names.Namespace(isa), "System.Runtime.InteropServices", "Dbt.Isa.Systems");
        writer.Line($"/// <summary>State of a {isa.Title} hart; narrower registers are kept sign-extended in 64-bit slots.</summary>");
        writer.Line("[StructLayout(LayoutKind.Sequential)]");
        writer.Open($"public unsafe struct {Names.Of(isa)}State");
        writer.Line("/// <summary>What every guest has.</summary>");
        writer.Line("public HartHeader Header;");
        foreach (var file in isa.RegisterFiles)
        {
            writer.Line();
            writer.Line($"/// <summary>Register file {file.Name}.</summary>");
            writer.Line($"public fixed ulong {file.Name.ToUpperInvariant()}[{file.Count}];");
        }
        if (isa.States.Count > 0)
            PrintSystemState(writer, isa);
        writer.Close();
        foreach (var state in isa.States.Where(state => state.Fields.Count > 0))
        {
            writer.Line();
            writer.Line($"/// <summary>Bits of {state.Name}.</summary>");
            writer.Open($"public static class {Names.Of(isa)}{state.Identifier}");
            foreach (var field in state.Fields)
            {
                writer.Line($"/// <summary>{field.Name}: bits {field.Low + field.Width - 1}:{field.Low}.</summary>");
                writer.Line($"public const ulong {field.Name} = 0x{field.Mask:x}UL;");
            }
            writer.Close();
        }
        return writer.ToString();
    }

    private static void PrintSystemState(CodeWriter writer, IsaModel isa)
    {
        writer.Line();
        writer.Line("/// <summary>What every guest has in system mode.</summary>");
        writer.Line("public SystemHeader System;");
        foreach (var state in isa.States)
        {
            writer.Line();
            writer.Line($"/// <summary>System state {state.Name}.</summary>");
            writer.Line($"public ulong {state.Identifier};");
        }
        writer.Line();
        writer.Line("/// <summary>Gives all system state its value at reset.</summary>");
        writer.Open("public void ResetSystem()");
        foreach (var state in isa.States)
            writer.Line($"{state.Identifier} = 0x{state.Reset:x}UL;");
        writer.Close();
        if (isa.States.Count == 0)
            return;
        writer.Line();
        writer.Line("/// <summary>What the words of system state are called, in their order.</summary>");
        writer.Line($"public static System.Collections.Generic.IReadOnlyList<string> SystemNames {{ get; }} = [{string.Join(", ", isa.States.Select(state => $"\"{state.Name}\""))}];");
        writer.Line();
        writer.Line("/// <summary>The words of system state, of a hart's state that does not move.</summary>");
        writer.Line($"public static System.Span<ulong> SystemWords({Names.Of(isa)}State* state) => new(&state->{isa.States[0].Identifier}, {isa.States.Count});");
    }

    private static string PrintTables(IsaInput input)
    {
        var isa = input.Isa;
        var state = Names.Of(isa) + "State";
        var writer = CodeWriter.File(Names.Namespace(isa));
        writer.Open($"internal static unsafe partial class {Names.Of(isa)}Tables");
        writer.Line($"public const int OperationCount = {FirstOperation + input.Extensions.Sum(extension => extension.Rows.Count)};");
        writer.Line($"public const string Fingerprint = {Names.Literal(input.Fingerprint)};");
        writer.Line();
        writer.Open("public static OperationInfo?[] Operations(string variant, int wordBits)");
        writer.Line("var table = new OperationInfo?[OperationCount];");
        foreach (var extension in input.Extensions)
            writer.Line($"Add{extension.Name}(table, variant, wordBits);");
        writer.Line("return table;");
        writer.Close();
        writer.Line();
        writer.Open("public static CsrInfo[] Csrs(string variant)");
        writer.Line("var table = new List<CsrInfo>();");
        foreach (var extension in input.Extensions)
            writer.Line($"Add{extension.Name}(table, variant);");
        writer.Line("return [.. table];");
        writer.Close();
        writer.Line();
        writer.Open("public static RegisterFileInfo[] RegisterFiles(int wordBits)");
        // Not by Marshal.OffsetOf, whose reflection takes longer than the rest of the tables.
        writer.Line($"{state} state;");
        writer.Line("var start = (byte*)&state;");
        writer.Line("return");
        writer.Line("[");
        foreach (var file in isa.RegisterFiles)
        {
            var width = file.Type == "word" ? "wordBits" : "64";
            var names = string.Join(", ", file.Names.Select(Names.Literal));
            writer.Line($"    new({Names.Literal(file.Name)}, {file.Count}, {width}, (int)((byte*)state.{file.Name.ToUpperInvariant()} - start), 8, {file.ZeroRegister}, [{names}]) {{ Hot = [{string.Join(", ", file.Hot)}] }},");
        }
        writer.Line("];");
        writer.Close();
        PrintExtensions(writer, input);
        writer.Close();
        return writer.ToString();
    }

    private static void PrintExtensions(CodeWriter writer, IsaInput input)
    {
        writer.Line();
        writer.Line("public static ExtensionInfo[] Extensions(string variant) =>");
        writer.Line("[");
        for (var i = 0; i < input.Extensions.Count; i++)
        {
            var extension = input.Extensions[i];
            var status = char.ToUpperInvariant(extension.Status[0]) + extension.Status.Substring(1);
            var requires = string.Join(", ", extension.Requires.Select(Names.Literal));
            var implies = string.Join(", ", extension.Implies.Select(implication => Implication(input.Isa, implication)));
            writer.Line($"    new({Names.Literal(extension.Name)}, {i}, ExtensionStatus.{status}, {Names.Literal(extension.Version)}, {Names.Literal(extension.Title)}, [{requires}], [{implies}], {extension.Rows.Count}),");
        }
        writer.Line("];");
    }

    // An element of a collection expression: a name, or a spread that is empty in the other variants.
    private static string Implication(IsaModel isa, ImplicationModel implication)
    {
        var name = Names.Literal(implication.With.Count == 0
            ? implication.Extension
            : $"{implication.Extension} with {string.Join(" ", implication.With)}");
        return implication.Variants.Count == isa.Variants.Count
            ? name
            : $".. variant is {Patterns(implication.Variants)} ? new[] {{ {name} }} : []";
    }

    private static string PrintVariant(IsaInput input, VariantModel variant)
    {
        var isa = input.Isa;
        var name = Names.Class(isa, variant);
        var tables = Names.Of(isa) + "Tables";
        var writer = CodeWriter.File(Names.Namespace(isa), "Dbt.Isa.Systems");
        writer.Line($"/// <summary>{isa.Title}, {variant.Name}.</summary>");
        writer.Open($"public sealed unsafe partial class {name} : GuestIsa");
        writer.Line("private OperationInfo?[]? operations;");
        writer.Line("private ExtensionInfo[]? extensions;");
        writer.Line("private RegisterFileInfo[]? registerFiles;");
        writer.Line("private CsrInfo[]? csrs;");
        writer.Line();
        writer.Line($"private {name}()");
        writer.Line("{");
        writer.Line("}");
        writer.Line();
        writer.Line("/// <summary>The only one.</summary>");
        writer.Line($"public static {name} Instance {{ get; }} = new();");
        Member(writer, "string Name", Names.Literal(variant.Name));
        Member(writer, "int WordBits", variant.WordBits.ToString());
        Member(writer, "int StateSize", $"sizeof({Names.Of(isa)}State)");
        Member(writer, "string Fingerprint", $"{tables}.Fingerprint");
        Member(writer, "IReadOnlyList<OperationInfo?> Operations", $"operations ??= {tables}.Operations({Names.Literal(variant.Name)}, {variant.WordBits})");
        Member(writer, "IReadOnlyList<ExtensionInfo> Extensions", $"extensions ??= {tables}.Extensions({Names.Literal(variant.Name)})");
        Member(writer, "IReadOnlyList<RegisterFileInfo> RegisterFiles", $"registerFiles ??= {tables}.RegisterFiles({variant.WordBits})");
        Member(writer, "IReadOnlyList<CsrInfo> Csrs", $"csrs ??= {tables}.Csrs({Names.Literal(variant.Name)})");
        Member(writer, "ExtensionSet DefaultExtensions", $"new({ExtensionSets.Literal(ExtensionSets.Default(input, variant))})");
        Member(writer, "ExtensionSet SystemExtensions", $"new({ExtensionSets.Literal(ExtensionSets.System(input, variant))})");
        if (isa.States.Count > 0)
            Member(writer, "SystemHeader* SystemOf(HartHeader* state)", $"&(({Names.Of(isa)}State*)state)->System");
        Member(writer, "OperationTraits TraitsOf(ushort operation)", $"{tables}.TraitsOf(operation)");
        var compact = input.Extensions.ToList().FindIndex(extension => extension.Name == isa.AlignmentWith);
        Member(writer, "int InstructionAlignment(ExtensionSet extensions)",
            compact < 0 ? isa.Alignment.ToString() : $"extensions.Contains({compact}) ? 2 : {isa.Alignment}");
        Member(writer, "int LengthOf(ushort firstBits)",
            isa.LengthMask == 0 ? "4" : $"(firstBits & 0x{isa.LengthMask:x}) == 0x{isa.LengthMatch:x} ? 4 : 2");
        writer.Close();
        return writer.ToString();
    }

    private static void Member(CodeWriter writer, string signature, string value)
    {
        writer.Line();
        writer.Line("/// <inheritdoc/>");
        writer.Line($"public override {signature} => {value};");
    }
}
