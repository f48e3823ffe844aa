using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ValueType = Dbt.Isa.Semantics.ValueType;

namespace Dbt.Translator.Baseline;

/// <summary>A value of the instruction that is being compiled, not computed yet: it is computed where it is used, in the way that suits its user.</summary>
/// <remarks>
/// 16 bytes, written as two words and read in place, byte by byte: a copy would wait until the processor has both words in its cache.
/// </remarks>
[StructLayout(LayoutKind.Explicit)]
internal struct Expression
{
    // The bytes below, in one word.
    [FieldOffset(0)]
    private ulong _head;

    [FieldOffset(1)]
    private byte _type;

    [FieldOffset(4)]
    private byte _a;

    [FieldOffset(5)]
    private byte _b;

    [FieldOffset(6)]
    private byte _c;

    /// <summary>What it is.</summary>
    [FieldOffset(0)]
    public ExpressionKind Kind;

    /// <summary>The operator or intrinsic.</summary>
    [FieldOffset(2)]
    public byte Operator;

    /// <summary>Register file of a guest register, which has no operator.</summary>
    [FieldOffset(2)]
    public byte File;

    /// <summary>Number of a guest or host register.</summary>
    [FieldOffset(3)]
    public byte Register;

    /// <summary>What it leaves as it is.</summary>
    [FieldOffset(7)]
    public ExpressionTraits Traits;

    /// <summary>A constant's bits, extended by its type; the fourth operand of an intrinsic.</summary>
    [FieldOffset(8)]
    public long Bits;

    /// <summary>Its type.</summary>
    public readonly ValueType Type => (ValueType)_type;

    /// <summary>First operand: its place in the pool.</summary>
    public readonly int A => _a;

    /// <summary>Second operand.</summary>
    public readonly int B => _b;

    /// <summary>Third operand.</summary>
    public readonly int C => _c;

    /// <summary>Makes it a value with operands.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Set(ExpressionKind kind, ValueType type, byte op = 0, int a = 0, int b = 0, int c = 0, ExpressionTraits traits = 0, long bits = 0)
    {
        _head = (uint)kind | (uint)type << 8 | (uint)op << 16 | (ulong)(uint)(a | b << 8 | c << 16) << 32 | (ulong)traits << 56;
        Bits = bits;
    }

    /// <summary>Makes it a register: the guest's, of a file, or the host's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SetRegister(ExpressionKind kind, ValueType type, int file, int register)
    {
        _head = (uint)kind | (uint)type << 8 | (uint)file << 16 | (uint)register << 24;
        Bits = 0;
    }
}
