using Dbt.Isa.Semantics;
using ValueType = Dbt.Isa.Semantics.ValueType;

namespace Dbt.Translator.Il.Trees.Nodes;

/// <summary>A call of an intrinsic.</summary>
/// <param name="Type">Type of the result.</param>
/// <param name="Intrinsic">Which.</param>
/// <param name="Arguments">What it is given.</param>
internal sealed record CallNode(ValueType Type, Intrinsic Intrinsic, IReadOnlyList<Node> Arguments) : Node(Type);
