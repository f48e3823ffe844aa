using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Semantics.Tree;

/// <summary>Writes the register that a field names, as its view says.</summary>
internal sealed record WriteRegister(SpecLocation Location, FieldModel Field, Expression Value) : Statement(Location);
