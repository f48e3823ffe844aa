using System.Runtime.CompilerServices;

namespace Dbt.Isa.FloatingPoint;

/// <content>Arithmetic on binary32. binary64 holds its products exactly and rounds to odd without harm.</content>
public static partial class Ieee754
{
    /// <inheritdoc cref="Add(double, double, FloatingPointRounding, ref uint)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Add(float a, float b, FloatingPointRounding rounding, ref uint flags)
    {
        if (IsRelaxed(rounding, flags))
        {
            var sum = a + b;
            if (float.IsFinite(sum))
                return sum;
        }

        return AddCarefully(a, b, rounding, ref flags);
    }

    /// <inheritdoc cref="Subtract(double, double, FloatingPointRounding, ref uint)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Subtract(float a, float b, FloatingPointRounding rounding, ref uint flags) => Add(a, -b, rounding, ref flags);

    /// <inheritdoc cref="Multiply(double, double, FloatingPointRounding, ref uint)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Multiply(float a, float b, FloatingPointRounding rounding, ref uint flags)
    {
        if (IsRelaxed(rounding, flags))
        {
            var product = a * b;
            if (IsClearlyNormal(product))
                return product;
        }

        return MultiplyCarefully(a, b, rounding, ref flags);
    }

    /// <inheritdoc cref="Divide(double, double, FloatingPointRounding, ref uint)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Divide(float a, float b, FloatingPointRounding rounding, ref uint flags)
    {
        if (IsRelaxed(rounding, flags))
        {
            var quotient = a / b;
            if (IsClearlyNormal(quotient))
                return quotient;
        }

        return DivideCarefully(a, b, rounding, ref flags);
    }

    /// <inheritdoc cref="SquareRoot(double, FloatingPointRounding, ref uint)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SquareRoot(float a, FloatingPointRounding rounding, ref uint flags) =>
        IsRelaxed(rounding, flags) && a >= 0 ? MathF.Sqrt(a) : SquareRootCarefully(a, rounding, ref flags);

    /// <inheritdoc cref="FusedMultiplyAdd(double, double, double, FloatingPointRounding, ref uint)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float FusedMultiplyAdd(float a, float b, float c, FloatingPointRounding rounding, ref uint flags)
    {
        if (HasFusedMultiplyAdd && IsRelaxed(rounding, flags))
        {
            var result = MathF.FusedMultiplyAdd(a, b, c);
            if (IsClearlyNormal(result))
                return result;
        }

        return FusedMultiplyAddCarefully(a, b, c, rounding, ref flags);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float AddCarefully(float a, float b, FloatingPointRounding rounding, ref uint flags)
    {
        var sum = AddToOdd(a, b);
        return HasSureSign(sum)
            ? ToSingle(sum, rounding, ref flags)
            : Single(SoftFloat.Add(Bits(a), Bits(b), BinaryFormat.Single, rounding, ref flags));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float MultiplyCarefully(float a, float b, FloatingPointRounding rounding, ref uint flags)
    {
        var product = (double)a * b;
        return !double.IsNaN(product)
            ? ToSingle(product, rounding, ref flags)
            : Single(SoftFloat.Multiply(Bits(a), Bits(b), BinaryFormat.Single, rounding, ref flags));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float DivideCarefully(float a, float b, FloatingPointRounding rounding, ref uint flags)
    {
        var quotient = a / b;
        if (quotient == 0 && a == 0)
            return quotient;
        if (rounding == FloatingPointRounding.NearestEven && IsClearlyNormal(quotient))
        {
            FlagInexact((double)quotient * b != a, ref flags);
            return quotient;
        }

        return Single(SoftFloat.Divide(Bits(a), Bits(b), BinaryFormat.Single, rounding, ref flags));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float SquareRootCarefully(float a, FloatingPointRounding rounding, ref uint flags)
    {
        if (rounding == FloatingPointRounding.NearestEven && a >= 0)
        {
            var root = MathF.Sqrt(a);
            FlagInexact((double)root * root != a, ref flags);
            return root;
        }

        return Single(SoftFloat.SquareRoot(Bits(a), BinaryFormat.Single, rounding, ref flags));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static float FusedMultiplyAddCarefully(float a, float b, float c, FloatingPointRounding rounding, ref uint flags)
    {
        var sum = AddToOdd((double)a * b, c);
        return HasSureSign(sum)
            ? ToSingle(sum, rounding, ref flags)
            : Single(SoftFloat.FusedMultiplyAdd(Bits(a), Bits(b), Bits(c), BinaryFormat.Single, rounding, ref flags));
    }

    /// <summary>
    /// a + b rounded to odd: an inexact sum takes whichever neighbour has an odd last place, from which every
    /// narrower rounding is as from the exact sum. Not for sums that overflow or are subnormal.
    /// </summary>
    private static double AddToOdd(double a, double b)
    {
        var sum = a + b;
        var error = ErrorOfSum(a, b, sum);
        var bits = BitConverter.DoubleToInt64Bits(sum);
        return error is not 0 and not double.NaN && (bits & 1) == 0
            ? BitConverter.Int64BitsToDouble(bits + ((error > 0) == (sum > 0) ? 1 : -1))
            : sum;
    }

    /// <summary>Whether no rounding direction would give the sum another sign, as it does to zero; false for infinities and NaN.</summary>
    private static bool HasSureSign(double sum) => double.IsFinite(sum) && sum != 0;
}
