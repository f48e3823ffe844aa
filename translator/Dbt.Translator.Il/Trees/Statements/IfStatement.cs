namespace Dbt.Translator.Il.Trees.Statements;

/// <summary>One of two lists of steps.</summary>
/// <param name="Condition">Which.</param>
/// <param name="Then">When it holds.</param>
/// <param name="Otherwise">When it does not.</param>
internal sealed record IfStatement(Node Condition, IReadOnlyList<Statement> Then, IReadOnlyList<Statement> Otherwise) : Statement;
