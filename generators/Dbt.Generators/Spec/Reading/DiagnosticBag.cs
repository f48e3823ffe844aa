using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Spec.Reading;

/// <summary>Collects what is wrong while a step reads.</summary>
internal sealed class DiagnosticBag
{
    private readonly List<SpecDiagnostic> diagnostics = [];

    public EquatableArray<SpecDiagnostic> ToArray() => new(diagnostics);

    /// <summary>Adds one; see <see cref="SpecRules"/> for what the arguments of an id are.</summary>
    public void Add(string id, SpecLocation location, params string[] arguments) =>
        diagnostics.Add(new SpecDiagnostic(id, location, new(arguments)));

    /// <summary>A line whose form is wrong: what it should look like, and what was found instead.</summary>
    public void Malformed(SpecText text, string expected) => Add("DBT100", text.Location, text.Text, expected);
}
