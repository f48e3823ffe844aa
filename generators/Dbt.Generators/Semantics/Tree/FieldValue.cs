using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Semantics.Tree;

/// <summary>The number in an encoding field.</summary>
internal sealed record FieldValue(SpecLocation Location, ValueType Type, FieldModel Field) : Expression(Location, Type);
