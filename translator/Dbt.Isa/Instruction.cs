using System.Runtime.InteropServices;

namespace Dbt.Isa;

/// <summary>
/// One decoded guest instruction: which operation, and its operands unpacked into slots. 16 bytes.
/// The generator decides which field of a spec row goes into which slot: register numbers and fields of at
/// most 8 bits into <see cref="A"/> to <see cref="E"/> in the order in which the row's operands name them,
/// the one wide or signed field into <see cref="Immediate"/>, already sign-extended and scaled.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public struct Instruction
{
    /// <summary>Index into <see cref="GuestIsa.Operations"/>; the first three are <see cref="EngineOperation"/>.</summary>
    public ushort Operation;

    /// <summary>Length in bytes.</summary>
    public byte Length;

    /// <summary>First small operand.</summary>
    public byte A;

    /// <summary>Second small operand.</summary>
    public byte B;

    /// <summary>Third small operand.</summary>
    public byte C;

    /// <summary>Fourth small operand.</summary>
    public byte D;

    /// <summary>Fifth small operand.</summary>
    public byte E;

    /// <summary>The wide operand: an immediate, an offset or a system register number.</summary>
    public long Immediate;

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
