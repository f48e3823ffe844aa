using Dbt.Isa.Semantics;
using ValueType = Dbt.Isa.Semantics.ValueType;

namespace Dbt.Translator.Il.Trees.Nodes;

/// <summary>An operator with two operands.</summary>
/// <param name="Type">Type of the result: the operands', or Bool.</param>
/// <param name="Operator">Which.</param>
/// <param name="Left">The left operand.</param>
/// <param name="Right">The right operand; a shift count is I32.</param>
internal sealed record BinaryNode(ValueType Type, BinaryOperator Operator, Node Left, Node Right) : Node(Type);
