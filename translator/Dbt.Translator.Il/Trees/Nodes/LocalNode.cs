using ValueType = Dbt.Isa.Semantics.ValueType;

namespace Dbt.Translator.Il.Trees.Nodes;

/// <summary>A value that was evaluated earlier and never changes: the result of a statement, or one version of a register.</summary>
/// <param name="Type">Its type.</param>
/// <param name="Index">Its number in the block.</param>
internal sealed record LocalNode(ValueType Type, int Index) : Node(Type);
