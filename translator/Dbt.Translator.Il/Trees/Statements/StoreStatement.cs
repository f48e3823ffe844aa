using ValueType = Dbt.Isa.Semantics.ValueType;

namespace Dbt.Translator.Il.Trees.Statements;

/// <summary>Writes guest memory.</summary>
/// <param name="Type">Type of the access.</param>
/// <param name="Address">Guest address.</param>
/// <param name="Value">The value, of that type.</param>
internal sealed record StoreStatement(ValueType Type, Node Address, Node Value) : Statement;
