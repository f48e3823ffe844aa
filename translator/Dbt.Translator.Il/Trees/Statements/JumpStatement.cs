namespace Dbt.Translator.Il.Trees.Statements;

/// <summary>Leaves the block for a guest address.</summary>
/// <param name="Target">The address.</param>
/// <param name="Homes">What to store first.</param>
internal sealed record JumpStatement(Node Target, IReadOnlyList<RegisterHome> Homes) : Statement;
