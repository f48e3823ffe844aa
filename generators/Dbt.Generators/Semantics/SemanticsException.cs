using Dbt.Generators.Spec;

namespace Dbt.Generators.Semantics;

/// <summary>Leaves the binder at the first error of a row; never leaves <see cref="Binder"/>.</summary>
internal sealed class SemanticsException(SpecDiagnostic diagnostic) : Exception(diagnostic.Id)
{
    public SpecDiagnostic Diagnostic { get; } = diagnostic;
}
