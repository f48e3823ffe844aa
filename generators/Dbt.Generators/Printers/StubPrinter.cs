namespace Dbt.Generators.Printers;

/// <summary>Stands in for the printers of semantics until they are there.</summary>
internal sealed class StubPrinter(string name) : IPrinter
{
    public string Name => name;

    public Fragment PrintExtension(ExtensionInput input) => Fragment.Empty;

    public IEnumerable<PrintedFile> PrintIsa(IsaInput input)
    {
        if (name != "interpreter")
            yield break;
        var writer = CodeWriter.File(Names.Namespace(input.Isa));
        writer.Open($"internal static partial class {Names.Of(input.Isa)}Tables");
        writer.Line("public static OperationTraits TraitsOf(ushort operation) => OperationTraits.None;");
        writer.Close();
        foreach (var variant in input.Isa.Variants)
        {
            writer.Open($"public sealed unsafe partial class {Names.Class(input.Isa, variant)}");
            foreach (var signature in new[] { "Instruction Expand(in Instruction instruction)", "ulong DirectTarget(in Instruction instruction, ulong pc)", "void Interpret(HartHeader* state)", "bool Step(HartHeader* state, in Instruction instruction)" })
            {
                writer.Line("/// <inheritdoc/>");
                writer.Line($"public override {signature} => throw new NotImplementedException();");
            }
            writer.Close();
        }
        yield return new($"{Names.Of(input.Isa)}.Stub.g.cs", writer.ToString());
    }
}
