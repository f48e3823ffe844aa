using Dbt.Isa;

namespace Dbt.Translator.Engines;

/// <summary>Exact counts of instructions when a block is left in its middle: its length is taken off the budget as it is entered.</summary>
internal static unsafe class BlockBudget
{
    /// <summary>Whether the instruction that an exit names counts as executed: the caller completes calls and breakpoints.</summary>
    public static bool Retires(ExitReason reason) =>
        reason is ExitReason.EnvironmentCall or ExitReason.Breakpoint or ExitReason.InstructionFence or ExitReason.WaitForInterrupt;

    /// <summary>
    /// Instructions that were taken off the budget when the block was entered and not executed. An exit that left no word in
    /// Current was its block's last instruction.
    /// </summary>
    public static int NotExecuted(HartHeader* state)
    {
        var count = 1;
        if (state->Current != null && state->Current->Pc == state->Pc)
            for (var next = state->Current + 1; next->Instruction.Operation != EngineOperation.BlockEnd; next++)
                count++;
        return Retires(state->Exit) ? count - 1 : count;
    }
}
