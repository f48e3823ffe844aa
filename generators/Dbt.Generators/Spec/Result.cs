using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Spec;

/// <summary>What a step made, as far as it came, and what was wrong.</summary>
internal sealed record Result<T>(T? Value, EquatableArray<SpecDiagnostic> Diagnostics)
    where T : class, IEquatable<T>;
