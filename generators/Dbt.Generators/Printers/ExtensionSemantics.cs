using Dbt.Generators.Semantics;
using Dbt.Generators.Spec;
using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Printers;

/// <summary>The semantics of an extension's rows, bound once for every variant.</summary>
internal sealed class ExtensionSemantics
{
    private readonly Dictionary<(string Variant, string Row), RowSemantics> rows = [];

    public ExtensionSemantics(ExtensionInput input)
    {
        var diagnostics = new List<SpecDiagnostic>();
        foreach (var row in input.Extension.Rows)
            foreach (var variant in input.Isa.Variants.Where(variant => row.Variants.Contains(variant.Name)))
                if (SemanticsReader.Read(row, variant, input.Isa, input.Called, diagnostics) is { } semantics)
                    rows.Add((variant.Name, row.Identifier), semantics);
        // Variants mostly find the same, in the words of their own types.
        Diagnostics = new(diagnostics.GroupBy(error => (error.Id, error.Location)).Select(same => same.First()));
    }

    /// <summary>What is wrong.</summary>
    public EquatableArray<SpecDiagnostic> Diagnostics { get; }

    /// <summary>The rows of a variant, in the order of the spec.</summary>
    public IEnumerable<RowSemantics> Of(ExtensionModel extension, VariantModel variant) =>
        extension.Rows.Where(row => rows.ContainsKey((variant.Name, row.Identifier))).Select(row => rows[(variant.Name, row.Identifier)]);
}
