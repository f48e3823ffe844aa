using System.Runtime.CompilerServices;
using Dbt.Isa;

namespace Dbt.Translator.Engines;

// Calls: see TranslatingEngine.Calls.cs.
public sealed unsafe partial class BaselineEngine
{
    // Instructions of a call after which it comes back for its budget, when they are counted.
    private const long CallSlice = 500_000;

    /// <summary>
    /// Executes compiled code from the hart's Pc on, if there is some, up to its first exit. On the thread of <c>PrepareCalls</c>, whose faults
    /// must be caught (<see cref="HartHeader.HostFault"/>).
    /// </summary>
    /// <param name="hart">The hart.</param>
    /// <param name="budget">Guest instructions after which to return Budget at the latest.</param>
    /// <returns>
    /// Why it ended, as <c>Run</c> has it. TranslationMiss: nothing is known at the hart's Pc, which may be where it was. InstructionFence: the caller
    /// drops what has changed. After both, and after Budget, <c>Run</c> goes on.
    /// </returns>
    internal ExitReason Call(Hart hart, long budget)
    {
        var context = Unsafe.As<HartContext>(hart.EngineData!);
        var state = context.State;
        context.IsInCall = true;
        if (!IsCurrent(context) || !context.JumpCache.TryFind(state->Pc, out var entry))
        {
            LeaveCall(context);
            return ExitReason.TranslationMiss;
        }
        var slice = Math.Min(budget, CallSlice);
        state->RetiredBase += slice - state->Budget;
        state->Budget = slice;
        state->LeftThrough = null;
        context.IsInterpreting = false;
        Enter(context, entry);
        if (state->Exit != ExitReason.TranslationMiss)
            AccountCall(context, slice);
        LeaveCall(context);
        return state->Exit;
    }
}
