using Dbt.Translator.Il.Trees.Nodes;

namespace Dbt.Translator.Il.Trees.Statements;

/// <summary>Reads guest memory and reserves it.</summary>
/// <param name="Result">Gets the value; its type is the access's.</param>
/// <param name="Address">Guest address.</param>
internal sealed record LoadReservedStatement(LocalNode Result, Node Address) : Statement;
