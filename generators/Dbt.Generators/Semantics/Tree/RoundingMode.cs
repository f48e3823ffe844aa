using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Semantics.Tree;

/// <summary>The rounding mode of a field, resolved when it is the dynamic one; an invalid one is an illegal instruction.</summary>
internal sealed record RoundingMode(SpecLocation Location, ValueType Type, FieldModel Field) : Expression(Location, Type);
