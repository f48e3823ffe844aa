using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Dbt.Isa;

/// <summary>
/// One decoded guest instruction: which operation, and its operands unpacked into slots. 16 bytes.
/// The generator decides which field of a spec row goes into which slot: register numbers and fields of at
/// most 8 bits into <see cref="A"/> to <see cref="E"/> in the order in which the row's operands name them,
/// the one wide or signed field into <see cref="Immediate"/>, already sign-extended and scaled.
/// </summary>
[StructLayout(LayoutKind.Explicit)]
public struct Instruction
{
    // The fields below but the last one, in one word.
    [FieldOffset(0)]
    private ulong _head;

    /// <summary>Index into <see cref="GuestIsa.Operations"/>; the first three are <see cref="EngineOperation"/>.</summary>
    [FieldOffset(0)]
    public ushort Operation;

    /// <summary>Length in bytes.</summary>
    [FieldOffset(2)]
    public byte Length;

    /// <summary>First small operand.</summary>
    [FieldOffset(3)]
    public byte A;

    /// <summary>Second small operand.</summary>
    [FieldOffset(4)]
    public byte B;

    /// <summary>Third small operand.</summary>
    [FieldOffset(5)]
    public byte C;

    /// <summary>Fourth small operand.</summary>
    [FieldOffset(6)]
    public byte D;

    /// <summary>Fifth small operand.</summary>
    [FieldOffset(7)]
    public byte E;

    /// <summary>The wide operand: an immediate, an offset or a system register number.</summary>
    [FieldOffset(8)]
    public long Immediate;

    /// <summary>
    /// Sets all fields, by two stores: whoever copies an instruction right after its bytes were written one by one waits for them.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Set(uint operation, uint length, uint a, uint b, uint c, uint d, uint e, long immediate)
    {
        _head = operation | length << 16 | a << 24 | (ulong)(b | c << 8 | d << 16 | e << 24) << 32;
        Immediate = immediate;
    }

    /// <summary>An operand by its slot. For tools and tests: it switches.</summary>
    public long this[OperandSlot slot]
    {
        readonly get => slot switch
        {
            OperandSlot.A => A,
            OperandSlot.B => B,
            OperandSlot.C => C,
            OperandSlot.D => D,
            OperandSlot.E => E,
            _ => Immediate,
        };
        set
        {
            switch (slot)
            {
                case OperandSlot.A:
                    A = (byte)value;
                    break;
                case OperandSlot.B:
                    B = (byte)value;
                    break;
                case OperandSlot.C:
                    C = (byte)value;
                    break;
                case OperandSlot.D:
                    D = (byte)value;
                    break;
                case OperandSlot.E:
                    E = (byte)value;
                    break;
                default:
                    Immediate = value;
                    break;
            }
        }
    }
}
