namespace Dbt.Translator.Il.Trees.Nodes;

/// <summary>One of two values; only the chosen one is evaluated.</summary>
/// <param name="Condition">Which.</param>
/// <param name="Then">When it holds.</param>
/// <param name="Otherwise">When it does not.</param>
internal sealed record SelectNode(Node Condition, Node Then, Node Otherwise) : Node(Then.Type);
