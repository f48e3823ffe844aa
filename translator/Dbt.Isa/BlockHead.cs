using System.Runtime.InteropServices;

namespace Dbt.Isa;

/// <summary>
/// What opens a predecoded block: the <see cref="PredecodedInstruction"/> whose operation is <see cref="EngineOperation.BlockStart"/>, as
/// interpreters and engines see it. Its operands' place counts how often the block is still to be interpreted.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 24)]
public struct BlockHead
{
    /// <summary><see cref="EngineOperation.BlockStart"/>.</summary>
    [FieldOffset(0)]
    public ushort Operation;

    /// <summary>
    /// An interpreter counts down whenever it enters the block, and leaves in front of it, with TranslationMiss, when that gives 0.
    /// Below that it does not leave. Harts that count at the same time may lose counts.
    /// </summary>
    [FieldOffset(4)]
    public int Countdown;

    /// <summary>Guest instructions in the block.</summary>
    [FieldOffset(8)]
    public long InstructionCount;

    /// <summary>Guest address of the first one.</summary>
    [FieldOffset(16)]
    public ulong Pc;
}
