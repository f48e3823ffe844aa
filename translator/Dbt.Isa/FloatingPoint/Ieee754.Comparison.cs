using System.Runtime.CompilerServices;

namespace Dbt.Isa.FloatingPoint;

/// <content>Minimum, maximum, comparison and classification.</content>
public static partial class Ieee754
{
    /// <summary>
    /// The smaller operand, −0 being smaller than +0; the other one when one is a NaN, the canonical NaN when both are;
    /// Invalid for a signaling NaN. IEEE 754-2019 minimumNumber, as RISC-V's F 2.2 has it.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double MinimumNumber(double a, double b, ref uint flags) =>
        a < b ? a : b < a ? b : Double(MinimumOfUnordered(Bits(a), Bits(b), BinaryFormat.Double, ref flags));

    /// <inheritdoc cref="MinimumNumber(double, double, ref uint)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MinimumNumber(float a, float b, ref uint flags) =>
        a < b ? a : b < a ? b : Single(MinimumOfUnordered(Bits(a), Bits(b), BinaryFormat.Single, ref flags));

    /// <summary>
    /// The larger operand, +0 being larger than −0; the other one when one is a NaN, the canonical NaN when both are;
    /// Invalid for a signaling NaN. IEEE 754-2019 maximumNumber, as RISC-V's F 2.2 has it.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double MaximumNumber(double a, double b, ref uint flags) =>
        a > b ? a : b > a ? b : Double(MaximumOfUnordered(Bits(a), Bits(b), BinaryFormat.Double, ref flags));

    /// <inheritdoc cref="MaximumNumber(double, double, ref uint)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MaximumNumber(float a, float b, ref uint flags) =>
        a > b ? a : b > a ? b : Single(MaximumOfUnordered(Bits(a), Bits(b), BinaryFormat.Single, ref flags));

    /// <summary>a = b; false for NaNs, Invalid only for signaling ones.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Equal(double a, double b, ref uint flags)
    {
        if (double.IsNaN(a) || double.IsNaN(b))
            FlagSignaling(Bits(a), Bits(b), BinaryFormat.Double, ref flags);
        return a == b;
    }

    /// <inheritdoc cref="Equal(double, double, ref uint)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Equal(float a, float b, ref uint flags)
    {
        if (float.IsNaN(a) || float.IsNaN(b))
            FlagSignaling(Bits(a), Bits(b), BinaryFormat.Single, ref flags);
        return a == b;
    }

    /// <summary>a &lt; b; false and Invalid for NaNs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Less(double a, double b, ref uint flags)
    {
        if (double.IsNaN(a) || double.IsNaN(b))
            flags |= (uint)FloatingPointFlags.Invalid;
        return a < b;
    }

    /// <inheritdoc cref="Less(double, double, ref uint)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Less(float a, float b, ref uint flags)
    {
        if (float.IsNaN(a) || float.IsNaN(b))
            flags |= (uint)FloatingPointFlags.Invalid;
        return a < b;
    }

    /// <summary>a ≤ b; false and Invalid for NaNs.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool LessOrEqual(double a, double b, ref uint flags)
    {
        if (double.IsNaN(a) || double.IsNaN(b))
            flags |= (uint)FloatingPointFlags.Invalid;
        return a <= b;
    }

    /// <inheritdoc cref="LessOrEqual(double, double, ref uint)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool LessOrEqual(float a, float b, ref uint flags)
    {
        if (float.IsNaN(a) || float.IsNaN(b))
            flags |= (uint)FloatingPointFlags.Invalid;
        return a <= b;
    }

    /// <summary>
    /// One bit set of ten: 0 −∞, 1 negative normal, 2 negative subnormal, 3 −0, 4 +0, 5 positive subnormal,
    /// 6 positive normal, 7 +∞, 8 signaling NaN, 9 quiet NaN (RISC-V manual, Volume I, "Single-Precision Floating-Point Classify Instruction").
    /// </summary>
    public static int Classify(double a) => Classify(Bits(a), BinaryFormat.Double);

    /// <inheritdoc cref="Classify(double)"/>
    public static int Classify(float a) => Classify(Bits(a), BinaryFormat.Single);

    private static int Classify(ulong bits, BinaryFormat format)
    {
        if (format.IsNaN(bits))
            return format.IsSignalingNaN(bits) ? 1 << 8 : 1 << 9;
        var smallestNormal = 1UL << (format.Precision - 1);
        var distanceFromZero = format.IsZero(bits) ? 0
            : format.Magnitude(bits) < smallestNormal ? 1
            : format.IsInfinite(bits) ? 3 : 2;
        return 1 << (format.IsNegative(bits) ? 3 - distanceFromZero : 4 + distanceFromZero);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong MinimumOfUnordered(ulong a, ulong b, BinaryFormat format, ref uint flags) =>
        format.IsNaN(a) || format.IsNaN(b)
            ? NumberBesideNaN(a, b, format, ref flags)
            : a | b; // equal, or zeros, of which the negative one counts

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong MaximumOfUnordered(ulong a, ulong b, BinaryFormat format, ref uint flags) =>
        format.IsNaN(a) || format.IsNaN(b)
            ? NumberBesideNaN(a, b, format, ref flags)
            : a & b;

    private static ulong NumberBesideNaN(ulong a, ulong b, BinaryFormat format, ref uint flags)
    {
        FlagSignaling(a, b, format, ref flags);
        return !format.IsNaN(a) ? a : !format.IsNaN(b) ? b : format.CanonicalNaN;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void FlagSignaling(ulong a, ulong b, BinaryFormat format, ref uint flags)
    {
        SoftFloat.FlagSignaling(a, format, ref flags);
        SoftFloat.FlagSignaling(b, format, ref flags);
    }
}
