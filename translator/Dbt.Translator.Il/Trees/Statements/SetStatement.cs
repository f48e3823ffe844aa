using Dbt.Translator.Il.Trees.Nodes;

namespace Dbt.Translator.Il.Trees.Statements;

/// <summary>Evaluates.</summary>
/// <param name="Result">Gets the value.</param>
/// <param name="Value">The value.</param>
internal sealed record SetStatement(LocalNode Result, Node Value) : Statement;
