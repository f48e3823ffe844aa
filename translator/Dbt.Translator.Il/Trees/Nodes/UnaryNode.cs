using Dbt.Isa.Semantics;

namespace Dbt.Translator.Il.Trees.Nodes;

/// <summary>An operator with one operand, of the result's type.</summary>
/// <param name="Operator">Which.</param>
/// <param name="Operand">The operand.</param>
internal sealed record UnaryNode(UnaryOperator Operator, Node Operand) : Node(Operand.Type);
