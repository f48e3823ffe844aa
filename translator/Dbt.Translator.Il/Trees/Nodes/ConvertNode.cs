using ValueType = Dbt.Isa.Semantics.ValueType;

namespace Dbt.Translator.Il.Trees.Nodes;

/// <summary>C#'s unchecked conversion between integer types.</summary>
/// <param name="Type">Type of the result.</param>
/// <param name="Operand">What is converted.</param>
internal sealed record ConvertNode(ValueType Type, Node Operand) : Node(Type);
