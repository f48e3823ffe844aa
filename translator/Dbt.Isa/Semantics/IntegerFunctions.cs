using System.Buffers.Binary;
using System.Numerics;

namespace Dbt.Isa.Semantics;

/// <summary>The intrinsics on integers; named as in <see cref="Intrinsic"/>. Pure.</summary>
public static class IntegerFunctions
{
    /// <summary>Leading zero bits; the width for zero.</summary>
    public static int LeadingZeroCount(int value) => BitOperations.LeadingZeroCount((uint)value);

    /// <summary>Leading zero bits; the width for zero.</summary>
    public static int LeadingZeroCount(uint value) => BitOperations.LeadingZeroCount((uint)value);

    /// <summary>Leading zero bits; the width for zero.</summary>
    public static int LeadingZeroCount(long value) => BitOperations.LeadingZeroCount((ulong)value);

    /// <summary>Leading zero bits; the width for zero.</summary>
    public static int LeadingZeroCount(ulong value) => BitOperations.LeadingZeroCount((ulong)value);

    /// <summary>Trailing zero bits; the width for zero.</summary>
    public static int TrailingZeroCount(int value) => BitOperations.TrailingZeroCount(value);

    /// <summary>Trailing zero bits; the width for zero.</summary>
    public static int TrailingZeroCount(uint value) => BitOperations.TrailingZeroCount(value);

    /// <summary>Trailing zero bits; the width for zero.</summary>
    public static int TrailingZeroCount(long value) => BitOperations.TrailingZeroCount(value);

    /// <summary>Trailing zero bits; the width for zero.</summary>
    public static int TrailingZeroCount(ulong value) => BitOperations.TrailingZeroCount(value);

    /// <summary>One bits.</summary>
    public static int PopCount(int value) => BitOperations.PopCount((uint)value);

    /// <summary>One bits.</summary>
    public static int PopCount(uint value) => BitOperations.PopCount((uint)value);

    /// <summary>One bits.</summary>
    public static int PopCount(long value) => BitOperations.PopCount((ulong)value);

    /// <summary>One bits.</summary>
    public static int PopCount(ulong value) => BitOperations.PopCount((ulong)value);

    /// <summary>Rotation left, count modulo the width.</summary>
    public static int RotateLeft(int value, int count) => (int)BitOperations.RotateLeft((uint)value, count);

    /// <summary>Rotation left, count modulo the width.</summary>
    public static uint RotateLeft(uint value, int count) => (uint)BitOperations.RotateLeft((uint)value, count);

    /// <summary>Rotation left, count modulo the width.</summary>
    public static long RotateLeft(long value, int count) => (long)BitOperations.RotateLeft((ulong)value, count);

    /// <summary>Rotation left, count modulo the width.</summary>
    public static ulong RotateLeft(ulong value, int count) => (ulong)BitOperations.RotateLeft((ulong)value, count);

    /// <summary>Rotation right, count modulo the width.</summary>
    public static int RotateRight(int value, int count) => (int)BitOperations.RotateRight((uint)value, count);

    /// <summary>Rotation right, count modulo the width.</summary>
    public static uint RotateRight(uint value, int count) => (uint)BitOperations.RotateRight((uint)value, count);

    /// <summary>Rotation right, count modulo the width.</summary>
    public static long RotateRight(long value, int count) => (long)BitOperations.RotateRight((ulong)value, count);

    /// <summary>Rotation right, count modulo the width.</summary>
    public static ulong RotateRight(ulong value, int count) => (ulong)BitOperations.RotateRight((ulong)value, count);

    /// <summary>Bytes in the other order.</summary>
    public static int ReverseBytes(int value) => BinaryPrimitives.ReverseEndianness(value);

    /// <summary>Bytes in the other order.</summary>
    public static uint ReverseBytes(uint value) => BinaryPrimitives.ReverseEndianness(value);

    /// <summary>Bytes in the other order.</summary>
    public static long ReverseBytes(long value) => BinaryPrimitives.ReverseEndianness(value);

    /// <summary>Bytes in the other order.</summary>
    public static ulong ReverseBytes(ulong value) => BinaryPrimitives.ReverseEndianness(value);

    /// <summary>Upper half of the product.</summary>
    public static int MultiplyHigh(int left, int right) => (int)((long)left * right >> 32);

    /// <summary>Upper half of the product.</summary>
    public static uint MultiplyHigh(uint left, uint right) => (uint)((ulong)left * right >> 32);

    /// <summary>Upper half of the product.</summary>
    public static long MultiplyHigh(long left, long right) => Math.BigMul(left, right, out _);

    /// <summary>Upper half of the product.</summary>
    public static ulong MultiplyHigh(ulong left, ulong right) => Math.BigMul(left, right, out _);

    /// <summary>Upper half of the product of a signed and an unsigned number.</summary>
    public static int MultiplyHighMixed(int left, uint right) => (int)(left * (long)right >> 32);

    /// <summary>Upper half of the product of a signed and an unsigned number.</summary>
    public static long MultiplyHighMixed(long left, ulong right) =>
        (long)(Math.BigMul((ulong)left, right, out _) - (left < 0 ? right : 0));

    /// <summary>Low half of the carry-less product.</summary>
    public static int CarrylessMultiply(int left, int right) => (int)CarrylessProduct((uint)left, (uint)right, out _);

    /// <summary>Low half of the carry-less product.</summary>
    public static uint CarrylessMultiply(uint left, uint right) => (uint)CarrylessProduct(left, right, out _);

    /// <summary>Low half of the carry-less product.</summary>
    public static long CarrylessMultiply(long left, long right) => (long)CarrylessProduct((ulong)left, (ulong)right, out _);

    /// <summary>Low half of the carry-less product.</summary>
    public static ulong CarrylessMultiply(ulong left, ulong right) => CarrylessProduct(left, right, out _);

    /// <summary>Upper half of the carry-less product.</summary>
    public static int CarrylessMultiplyHigh(int left, int right) => (int)(CarrylessProduct((uint)left, (uint)right, out _) >> 32);

    /// <summary>Upper half of the carry-less product.</summary>
    public static uint CarrylessMultiplyHigh(uint left, uint right) => (uint)(CarrylessProduct((uint)left, (uint)right, out _) >> 32);

    /// <summary>Upper half of the carry-less product.</summary>
    public static long CarrylessMultiplyHigh(long left, long right) => (long)CarrylessMultiplyHigh((ulong)left, (ulong)right);

    /// <summary>Upper half of the carry-less product.</summary>
    public static ulong CarrylessMultiplyHigh(ulong left, ulong right)
    {
        CarrylessProduct(left, right, out var high);
        return high;
    }

    // Not with UInt128: ReadyToRun compiles no caller of it, and the interpreter is one.
    private static ulong CarrylessProduct(ulong left, ulong right, out ulong high)
    {
        ulong low = 0, leftHigh = 0;
        high = 0;
        for (; right != 0; right >>= 1)
        {
            if ((right & 1) != 0)
            {
                low ^= left;
                high ^= leftHigh;
            }
            leftHigh = leftHigh << 1 | left >> 63;
            left <<= 1;
        }
        return low;
    }
}
