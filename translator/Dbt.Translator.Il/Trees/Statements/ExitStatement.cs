using Dbt.Isa;

namespace Dbt.Translator.Il.Trees.Statements;

/// <summary>Leaves translated code.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Pc">Where the guest is.</param>
/// <param name="Instruction">Index of the instruction in the block.</param>
/// <param name="Homes">What to store first.</param>
internal sealed record ExitStatement(ExitReason Reason, ulong Pc, int Instruction, IReadOnlyList<RegisterHome> Homes) : Statement;
