using System.Runtime.CompilerServices;
using Dbt.Isa.Semantics;
using ValueType = Dbt.Isa.Semantics.ValueType;

namespace Dbt.Translator.Semantics;

/// <summary>What operators give for integers that are known.</summary>
internal static class ConstantFolding
{
    // By type: their logarithms, four bits each; which ones have a sign; which ones are floating point.
    private const long LogarithmsOfBits = 0x65_66_55_44_33_55;
    private const int Signed = 1 << (int)ValueType.I8 | 1 << (int)ValueType.I16 | 1 << (int)ValueType.I32 | 1 << (int)ValueType.I64;

    /// <summary>Bits in a value; a condition counts as 32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Bits(this ValueType type) => 1 << (int)(LogarithmsOfBits >> 4 * (int)type & 15);

    /// <summary>Whether it is an integer with a sign.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsSigned(this ValueType type) => (Signed >> (int)type & 1) != 0;

    /// <summary>Whether it is a floating-point number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsFloat(this ValueType type) => type >= ValueType.F32;

    /// <summary>Bits cut to a type and extended by it.</summary>
    public static long Extend(ValueType type, long bits) => type switch
    {
        ValueType.Bool => bits & 1,
        ValueType.I8 => (sbyte)bits,
        ValueType.U8 => (byte)bits,
        ValueType.I16 => (short)bits,
        ValueType.U16 => (ushort)bits,
        ValueType.I32 => (int)bits,
        ValueType.U32 => (uint)bits,
        _ => bits,
    };

    /// <summary>An operator with one operand; false for floating point.</summary>
    public static bool TryFold(UnaryOperator op, ValueType type, long a, out long result)
    {
        result = Extend(type, op switch
        {
            UnaryOperator.Negate => -a,
            UnaryOperator.Complement => ~a,
            _ => a ^ 1,
        });
        return !type.IsFloat();
    }

    /// <summary>
    /// An operator with two operands of a type; false for divisions and floating point. Operands are extended by their type,
    /// so that the comparison of 64 bits is right for every width.
    /// </summary>
    public static bool TryFold(BinaryOperator op, ValueType type, long a, long b, out long result)
    {
        var mask = type.Bits() - 1;
        var count = (int)b & mask;
        var signed = type.IsSigned();
        var order = signed ? a.CompareTo(b) : ((ulong)a).CompareTo((ulong)b);
        result = op switch
        {
            BinaryOperator.Add => a + b,
            BinaryOperator.Subtract => a - b,
            BinaryOperator.Multiply => a * b,
            BinaryOperator.And => a & b,
            BinaryOperator.Or => a | b,
            BinaryOperator.Xor => a ^ b,
            BinaryOperator.ShiftLeft => a << count,
            BinaryOperator.ShiftRight => signed ? a >> count : (long)((ulong)a >> count),
            BinaryOperator.ShiftRightLogical => (long)(((ulong)a & ulong.MaxValue >> 63 - mask) >> count),
            BinaryOperator.Equal => a == b ? 1 : 0,
            BinaryOperator.NotEqual => a != b ? 1 : 0,
            BinaryOperator.Less => order < 0 ? 1 : 0,
            BinaryOperator.LessOrEqual => order <= 0 ? 1 : 0,
            BinaryOperator.Greater => order > 0 ? 1 : 0,
            BinaryOperator.GreaterOrEqual => order >= 0 ? 1 : 0,
            _ => 0,
        };
        if (op < BinaryOperator.Equal)
            result = Extend(type, result);
        return !type.IsFloat() && op is not (BinaryOperator.Divide or BinaryOperator.Remainder);
    }

    /// <summary>Whether x op 0 is x.</summary>
    public static bool IsNeutralZero(BinaryOperator op) => op is BinaryOperator.Add or BinaryOperator.Subtract or BinaryOperator.Or or
        BinaryOperator.Xor or BinaryOperator.ShiftLeft or BinaryOperator.ShiftRight or BinaryOperator.ShiftRightLogical;
}
