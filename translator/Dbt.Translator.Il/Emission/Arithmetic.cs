using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Dbt.Translator.Il.Emission;

/// <summary>Integer intrinsics that .NET has under no single name; called from compiled code, named as the intrinsics are.</summary>
public static class Arithmetic
{
    /// <summary>Upper half of a signed product.</summary>
    public static int MultiplyHigh(int left, int right) => (int)((long)left * right >> 32);

    /// <summary>Upper half of an unsigned product.</summary>
    public static uint MultiplyHigh(uint left, uint right) => (uint)((ulong)left * right >> 32);

    /// <summary>Upper half of a signed product.</summary>
    public static long MultiplyHigh(long left, long right)
    {
        // Without its upper half's correction the unsigned product is the signed one.
        var high = (long)MultiplyHigh((ulong)left, (ulong)right);
        return high - (left >> 63 & right) - (right >> 63 & left);
    }

    /// <summary>Upper half of an unsigned product.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong MultiplyHigh(ulong left, ulong right) =>
        Bmi2.X64.IsSupported ? Bmi2.X64.MultiplyNoFlags(left, right) : Math.BigMul(left, right, out _);

    /// <summary>Upper half of a signed times an unsigned number.</summary>
    public static int MultiplyHighMixed(int left, uint right) => (int)((long)left * right >> 32);

    /// <summary>Upper half of a signed times an unsigned number.</summary>
    public static long MultiplyHighMixed(long left, ulong right) => (long)(MultiplyHigh((ulong)left, right) - ((ulong)(left >> 63) & right));

    /// <summary>Low half of the carry-less product.</summary>
    public static ulong CarrylessMultiply(ulong left, ulong right) => Product(left, right).GetElement(0);

    /// <summary>Low half of the carry-less product.</summary>
    public static long CarrylessMultiply(long left, long right) => (long)CarrylessMultiply((ulong)left, (ulong)right);

    /// <summary>Low half of the carry-less product.</summary>
    public static uint CarrylessMultiply(uint left, uint right) => (uint)CarrylessMultiply((ulong)left, right);

    /// <summary>Low half of the carry-less product.</summary>
    public static int CarrylessMultiply(int left, int right) => (int)CarrylessMultiply((uint)left, (uint)right);

    /// <summary>Upper half of the carry-less product.</summary>
    public static ulong CarrylessMultiplyHigh(ulong left, ulong right) => Product(left, right).GetElement(1);

    /// <summary>Upper half of the carry-less product.</summary>
    public static long CarrylessMultiplyHigh(long left, long right) => (long)CarrylessMultiplyHigh((ulong)left, (ulong)right);

    /// <summary>Upper half of the carry-less product.</summary>
    public static uint CarrylessMultiplyHigh(uint left, uint right) => (uint)(CarrylessMultiply((ulong)left, right) >> 32);

    /// <summary>Upper half of the carry-less product.</summary>
    public static int CarrylessMultiplyHigh(int left, int right) => (int)CarrylessMultiplyHigh((uint)left, (uint)right);

    private static Vector128<ulong> Product(ulong left, ulong right)
    {
        if (Pclmulqdq.IsSupported)
            return Pclmulqdq.CarrylessMultiply(Vector128.CreateScalar(left), Vector128.CreateScalar(right), 0);
        UInt128 product = 0;
        for (var bit = 0; bit < 64; bit++)
            if ((right >> bit & 1) != 0)
                product ^= (UInt128)left << bit;
        return Vector128.Create((ulong)product, (ulong)(product >> 64));
    }
}
