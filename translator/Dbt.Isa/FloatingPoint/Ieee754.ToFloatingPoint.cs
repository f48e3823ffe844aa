using System.Runtime.CompilerServices;

namespace Dbt.Isa.FloatingPoint;

/// <content>Conversion to floating point, and of bit patterns.</content>
public static partial class Ieee754
{
    private const ulong Boxed = 0xffff_ffff_0000_0000;
    private const long TwoTo53 = 1L << 53;

    /// <summary>a in binary32, rounded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float ToSingle(double a, FloatingPointRounding rounding, ref uint flags)
    {
        // An exact result raises nothing, not even when it is subnormal, whatever the direction.
        var narrow = (float)a;
        return narrow == a ? narrow : ToSingleCarefully(a, rounding, ref flags);
    }

    /// <inheritdoc cref="ToSingle(double, FloatingPointRounding, ref uint)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float ToSingle(int a, FloatingPointRounding rounding, ref uint flags) => ToSingle((double)a, rounding, ref flags);

    /// <inheritdoc cref="ToSingle(double, FloatingPointRounding, ref uint)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float ToSingle(uint a, FloatingPointRounding rounding, ref uint flags) => ToSingle((double)a, rounding, ref flags);

    /// <inheritdoc cref="ToSingle(double, FloatingPointRounding, ref uint)"/>
    public static float ToSingle(long a, FloatingPointRounding rounding, ref uint flags) =>
        a is >= -TwoTo53 and <= TwoTo53
            ? ToSingle((double)a, rounding, ref flags)
            : Single(SoftFloat.FromInteger(a < 0, Magnitude(a), BinaryFormat.Single, rounding, ref flags));

    /// <inheritdoc cref="ToSingle(double, FloatingPointRounding, ref uint)"/>
    public static float ToSingle(ulong a, FloatingPointRounding rounding, ref uint flags) =>
        a <= TwoTo53
            ? ToSingle((double)(long)a, rounding, ref flags)
            : Single(SoftFloat.FromInteger(negative: false, a, BinaryFormat.Single, rounding, ref flags));

    /// <summary>a in binary64; exact, but a signaling NaN is Invalid and every NaN becomes the canonical one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double ToDouble(float a, FloatingPointRounding rounding, ref uint flags) =>
        float.IsNaN(a)
            ? Double(SoftFloat.Convert(Bits(a), BinaryFormat.Single, BinaryFormat.Double, rounding, ref flags))
            : a;

    /// <summary>a in binary64, always exact: rounding and flags are there to give all conversions one shape.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double ToDouble(int a, FloatingPointRounding rounding, ref uint flags) => a;

    /// <inheritdoc cref="ToDouble(int, FloatingPointRounding, ref uint)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double ToDouble(uint a, FloatingPointRounding rounding, ref uint flags) => a;

    /// <summary>a in binary64, rounded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double ToDouble(long a, FloatingPointRounding rounding, ref uint flags) =>
        a is >= -TwoTo53 and <= TwoTo53 ? a : ToDoubleCarefully(a < 0, Magnitude(a), rounding, ref flags);

    /// <inheritdoc cref="ToDouble(long, FloatingPointRounding, ref uint)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double ToDouble(ulong a, FloatingPointRounding rounding, ref uint flags) =>
        a <= TwoTo53 ? (long)a : ToDoubleCarefully(negative: false, a, rounding, ref flags);

    /// <summary>The bit pattern of a, NaN payloads included.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ToBits(float a) => BitConverter.SingleToInt32Bits(a);

    /// <inheritdoc cref="ToBits(float)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long ToBits(double a) => BitConverter.DoubleToInt64Bits(a);

    /// <summary>The binary32 number with a bit pattern, NaN payloads included.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float FromBits(int bits) => BitConverter.Int32BitsToSingle(bits);

    /// <summary>The binary64 number with a bit pattern, NaN payloads included.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double FromBits(long bits) => BitConverter.Int64BitsToDouble(bits);

    /// <summary>A binary32 number as a 64-bit register holds it: below 32 ones (RISC-V manual, Volume I, "NaN Boxing of Narrower Values").</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Box(float a) => Boxed | BitConverter.SingleToUInt32Bits(a);

    /// <summary>The binary32 number that a 64-bit register holds; the canonical NaN when its upper 32 bits are not all ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Unbox(ulong register) =>
        BitConverter.UInt32BitsToSingle(register >= Boxed ? (uint)register : 0x7fc0_0000);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float ToSingleCarefully(double a, FloatingPointRounding rounding, ref uint flags)
    {
        var narrow = (float)a;
        if (rounding == FloatingPointRounding.NearestEven && IsClearlyNormal(narrow))
        {
            FlagInexact(narrow != a, ref flags);
            return narrow;
        }

        return Single(SoftFloat.Convert(Bits(a), BinaryFormat.Double, BinaryFormat.Single, rounding, ref flags));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static double ToDoubleCarefully(bool negative, ulong magnitude, FloatingPointRounding rounding, ref uint flags) =>
        Double(SoftFloat.FromInteger(negative, magnitude, BinaryFormat.Double, rounding, ref flags));

    private static ulong Magnitude(long a) => a < 0 ? 0 - (ulong)a : (ulong)a;
}
