using System.Runtime.CompilerServices;
using Dbt.Isa;
using Dbt.Translator.Engines;

namespace Dbt.Translator.Il.Emission;

/// <summary>What compiled code calls when an instruction is the interpreter's.</summary>
public static unsafe class InterpreterCall
{
    /// <summary>Executes the instruction at <see cref="HartHeader.Current"/>; the state is complete. False when it exited.</summary>
    public static bool ExecuteCurrent(HartHeader* state)
    {
        StopAtCurrent(state);
        var hart = Hart.FromState(state);
        if (!hart.Isa.Step(state, state->Current->Instruction))
            return false;
        Unsafe.As<HartContext>(hart.EngineData!).CountHandedOver();
        return true;
    }

    /// <summary>Makes the instruction at <see cref="HartHeader.Current"/> the hart's Pc.</summary>
    public static void StopAtCurrent(HartHeader* state) => state->Pc = state->Current->Pc;
}
