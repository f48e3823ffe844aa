namespace Dbt.Translator.Il.Trees.Statements;

/// <summary>Orders memory accesses.</summary>
internal sealed record FenceStatement : Statement;
