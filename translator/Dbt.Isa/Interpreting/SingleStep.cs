using System.Runtime.InteropServices;

namespace Dbt.Isa.Interpreting;

/// <summary>Executes one instruction with an interpreter's loop: as a block of its own, with a jump cache that knows nothing, so that it leaves behind it.</summary>
public static unsafe class SingleStep
{
    private static readonly JumpCacheEntry* Nowhere = CreateJumpCache();

    /// <summary>Executes an instruction at the hart's Pc; see <see cref="GuestIsa.Step"/>.</summary>
    public static bool Run(HartHeader* state, Instruction instruction, delegate*<HartHeader*, PredecodedInstruction*, void> loop)
    {
        var block = stackalloc PredecodedInstruction[2];
        block[0] = new() { Instruction = instruction, Pc = state->Pc };
        block[1] = new() { Instruction = new() { Operation = EngineOperation.BlockEnd }, Pc = state->Pc + instruction.Length };
        var (jumpCache, current) = ((nint)state->JumpCache, (nint)state->Current);
        state->JumpCache = Nowhere;
        try
        {
            loop(state, block);
        }
        finally
        {
            state->JumpCache = (JumpCacheEntry*)jumpCache;
            state->Current = (PredecodedInstruction*)current;
        }
        return state->Exit == ExitReason.TranslationMiss;
    }

    // Never freed: as long as the process lives, a hart may use it.
    private static JumpCacheEntry* CreateJumpCache()
    {
        var entries = (JumpCacheEntry*)NativeMemory.Alloc(JumpCacheEntry.Count, (nuint)sizeof(JumpCacheEntry));
        for (var i = 0; i < JumpCacheEntry.Count; i++)
            entries[i] = new() { Pc = JumpCacheEntry.Empty };
        return entries;
    }
}
