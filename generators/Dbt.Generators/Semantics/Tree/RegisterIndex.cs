using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Semantics.Tree;

/// <summary><c>index(field)</c>: the number of the register that a field names.</summary>
internal sealed record RegisterIndex(SpecLocation Location, ValueType Type, FieldModel Field) : Expression(Location, Type);
