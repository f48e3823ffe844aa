using System.Runtime.CompilerServices;

namespace Dbt.Isa.Interpreting;

/// <summary>How generated interpreters leave: rare, so kept out of their loops. All return false, for operations that are methods.</summary>
public static unsafe class InterpreterExits
{
    /// <summary>Leaves at an instruction that did not happen, or that the caller completes.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool At(HartHeader* state, PredecodedInstruction* instruction, ExitReason reason)
    {
        state->Current = instruction;
        state->Pc = instruction->Pc;
        state->Exit = reason;
        return false;
    }

    /// <summary>Leaves behind an instruction.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool AtNext(HartHeader* state, PredecodedInstruction* instruction, ExitReason reason)
    {
        At(state, instruction, reason);
        state->Pc += instruction->Instruction.Length;
        return false;
    }

    /// <summary>Leaves at an access outside of the guest's window.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool MemoryFault(HartHeader* state, PredecodedInstruction* instruction, ulong address, AccessKind access) =>
        Access(state, instruction, address, access, ExitReason.MemoryFault);

    /// <summary>Leaves at an access whose address is not aligned.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool Misaligned(HartHeader* state, PredecodedInstruction* instruction, ulong address, AccessKind access) =>
        Access(state, instruction, address, access, ExitReason.MisalignedAccess);

    private static bool Access(HartHeader* state, PredecodedInstruction* instruction, ulong address, AccessKind access, ExitReason reason)
    {
        state->FaultAddress = address;
        state->FaultAccess = access;
        state->FaultSignal = 0;
        return At(state, instruction, reason);
    }
}
