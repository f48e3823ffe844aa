namespace Dbt.Translator.Il.Trees.Statements;

/// <summary>Brings registers home and names the instruction that follows, so that it may fault or be interpreted.</summary>
/// <param name="Homes">What to store.</param>
/// <param name="Instruction">Index of the instruction in the block.</param>
internal sealed record FlushStatement(IReadOnlyList<RegisterHome> Homes, int Instruction) : Statement;
