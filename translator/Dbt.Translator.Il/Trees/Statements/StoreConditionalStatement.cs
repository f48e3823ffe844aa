using Dbt.Translator.Il.Trees.Nodes;
using ValueType = Dbt.Isa.Semantics.ValueType;

namespace Dbt.Translator.Il.Trees.Statements;

/// <summary>Writes guest memory when the reservation holds.</summary>
/// <param name="Result">Gets 0 on success and 1 otherwise, I32.</param>
/// <param name="Type">Type of the access.</param>
/// <param name="Address">Guest address.</param>
/// <param name="Value">The value.</param>
internal sealed record StoreConditionalStatement(LocalNode Result, ValueType Type, Node Address, Node Value) : Statement;
