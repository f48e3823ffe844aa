using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Semantics;

/// <summary>What a field of the base row gets: a field of the caller, or a number.</summary>
internal sealed record BaseArgument(FieldModel Target, FieldModel? Source, long Number);
