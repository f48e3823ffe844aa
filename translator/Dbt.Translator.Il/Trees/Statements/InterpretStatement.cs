namespace Dbt.Translator.Il.Trees.Statements;

/// <summary>Lets the interpreter execute the instruction that the flush before named.</summary>
/// <param name="Last">Whether execution goes on wherever the interpreter left the hart's Pc, instead of at the next step.</param>
internal sealed record InterpretStatement(bool Last) : Statement;
