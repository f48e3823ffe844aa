namespace Dbt.Translator.Il.Trees.Statements;

/// <summary>Does nothing; tells readers where an instruction's steps begin.</summary>
/// <param name="Instruction">Index of the instruction in the block.</param>
internal sealed record CommentStatement(int Instruction) : Statement;
