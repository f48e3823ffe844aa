using ValueType = Dbt.Isa.Semantics.ValueType;

namespace Dbt.Translator.Il.Trees.Nodes;

/// <summary>A constant.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Bits">Its bits, sign- or zero-extended by the type.</param>
internal sealed record ConstantNode(ValueType Type, long Bits) : Node(Type);
