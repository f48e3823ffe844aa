using System.Runtime.CompilerServices;

namespace Dbt.Isa.FloatingPoint;

/// <content>
/// Conversion to integers. The host rounds to a whole number exactly in every direction, so there is only one path.
/// binary32 goes through binary64, which holds it exactly.
/// </content>
public static partial class Ieee754
{
    private const double TwoTo31 = 2147483648.0;
    private const double TwoTo32 = 4294967296.0;
    private const double TwoTo63 = 9223372036854775808.0;
    private const double TwoTo64 = 18446744073709551616.0;

    /// <summary>
    /// a as a whole number. Out of range: the nearest bound and Invalid alone; a NaN counts as positive infinity.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ToInt32(double a, FloatingPointRounding rounding, ref uint flags)
    {
        var whole = ToWhole(a, rounding);
        if (whole is >= -TwoTo31 and < TwoTo31)
        {
            FlagInexact(whole != a, ref flags);
            return (int)whole;
        }

        flags |= (uint)FloatingPointFlags.Invalid;
        return a < 0 ? int.MinValue : int.MaxValue;
    }

    /// <inheritdoc cref="ToInt32(double, FloatingPointRounding, ref uint)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint ToUInt32(double a, FloatingPointRounding rounding, ref uint flags)
    {
        var whole = ToWhole(a, rounding);
        if (whole is >= 0 and < TwoTo32)
        {
            FlagInexact(whole != a, ref flags);
            return (uint)whole;
        }

        flags |= (uint)FloatingPointFlags.Invalid;
        return a < 0 ? uint.MinValue : uint.MaxValue;
    }

    /// <inheritdoc cref="ToInt32(double, FloatingPointRounding, ref uint)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long ToInt64(double a, FloatingPointRounding rounding, ref uint flags)
    {
        var whole = ToWhole(a, rounding);
        if (whole is >= -TwoTo63 and < TwoTo63)
        {
            FlagInexact(whole != a, ref flags);
            return (long)whole;
        }

        flags |= (uint)FloatingPointFlags.Invalid;
        return a < 0 ? long.MinValue : long.MaxValue;
    }

    /// <inheritdoc cref="ToInt32(double, FloatingPointRounding, ref uint)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong ToUInt64(double a, FloatingPointRounding rounding, ref uint flags)
    {
        var whole = ToWhole(a, rounding);
        if (whole is >= 0 and < TwoTo64)
        {
            FlagInexact(whole != a, ref flags);
            return (ulong)whole;
        }

        flags |= (uint)FloatingPointFlags.Invalid;
        return a < 0 ? ulong.MinValue : ulong.MaxValue;
    }

    /// <inheritdoc cref="ToInt32(double, FloatingPointRounding, ref uint)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ToInt32(float a, FloatingPointRounding rounding, ref uint flags) => ToInt32((double)a, rounding, ref flags);

    /// <inheritdoc cref="ToInt32(double, FloatingPointRounding, ref uint)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint ToUInt32(float a, FloatingPointRounding rounding, ref uint flags) => ToUInt32((double)a, rounding, ref flags);

    /// <inheritdoc cref="ToInt32(double, FloatingPointRounding, ref uint)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long ToInt64(float a, FloatingPointRounding rounding, ref uint flags) => ToInt64((double)a, rounding, ref flags);

    /// <inheritdoc cref="ToInt32(double, FloatingPointRounding, ref uint)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong ToUInt64(float a, FloatingPointRounding rounding, ref uint flags) => ToUInt64((double)a, rounding, ref flags);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double ToWhole(double a, FloatingPointRounding rounding) =>
        rounding == FloatingPointRounding.TowardZero ? Math.Truncate(a) : ToWholeAwayFromTruncation(a, rounding);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static double ToWholeAwayFromTruncation(double a, FloatingPointRounding rounding)
    {
        switch (rounding)
        {
            case FloatingPointRounding.NearestEven:
                return Math.Round(a, MidpointRounding.ToEven);
            case FloatingPointRounding.Down:
                return Math.Floor(a);
            case FloatingPointRounding.Up:
                return Math.Ceiling(a);
            default:
                // The difference is exact; adding 1/2 before truncating would not be.
                var truncated = Math.Truncate(a);
                return Math.Abs(a - truncated) >= 0.5 ? truncated + Math.CopySign(1, a) : truncated;
        }
    }
}
