using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Semantics.Tree;

/// <summary>The value of the register that a field names, as its view says.</summary>
internal sealed record RegisterRead(SpecLocation Location, ValueType Type, FieldModel Field) : Expression(Location, Type);
