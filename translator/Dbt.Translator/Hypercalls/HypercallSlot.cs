using Dbt.Translator.Baseline;

namespace Dbt.Translator.Hypercalls;

/// <summary>
/// Instructions of exactly eight bytes, lowest byte first: what the slots of sites hold. Prefixes of segments, which mean nothing where they
/// stand here (Intel SDM vol. 1, 3.3.7.1), fill them up.
/// </summary>
internal static unsafe class HypercallSlot
{
    /// <summary>Does nothing.</summary>
    public const ulong Nop = 0x0000_0000_0084_1F0F;

    private const byte Filler = 0x3E, WideRex = 0x48, MoveImmediate = 0xC7, LoadRegister = 0x8B, StoreRegister = 0x89;

    /// <summary>Jumps from the slot to somewhere.</summary>
    public static ulong Jump(byte* slot, byte* target) => 0xE92E_2E2E | (ulong)(uint)(int)(target - (slot + HypercallSites.SlotBytes)) << 32;

    /// <summary>Does what an action does; 0 when that takes more than one instruction.</summary>
    public static ulong For(Hypercall action, X64RegisterMap map)
    {
        if (action.Kind == HypercallKind.Nop)
            return Nop;
        if (action.Kind != HypercallKind.Inline || action.StepCount != 1)
            return 0;
        var step = action.StepAt(0);
        if (step.Kind == HypercallStepKind.Add || !map.IsMapped(0, step.Register, out var host))
            return 0;
        var word = X64RegisterMap.CallWords + step.Word * sizeof(ulong) - map.Bias;
        var (low, high) = ((uint)host & 7, (uint)host >> 3);
        return step.Kind switch
        {
            HypercallStepKind.Set => step.Value == (int)step.Value ? Pack(high, MoveImmediate, 0xC0 | low, (int)step.Value) : 0,
            HypercallStepKind.Load => Pack(high << 2, LoadRegister, InState | low << 3, word),
            _ => Pack(high << 2, StoreRegister, InState | low << 3, word),
        };
    }

    // ModRM of an operand at a distance of 32 bits from X64RegisterMap.State.
    private const uint InState = 0x80 | (uint)X64RegisterMap.State;

    private static ulong Pack(uint rex, byte opcode, uint modRm, int last) =>
        Filler | (WideRex | rex) << 8 | (uint)opcode << 16 | modRm << 24 | (ulong)(uint)last << 32;
}
