using System.Runtime.CompilerServices;

namespace Dbt.Isa.FloatingPoint;

/// <content>Arithmetic on binary64.</content>
public static partial class Ieee754
{
    /// <summary>a + b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Add(double a, double b, FloatingPointRounding rounding, ref uint flags)
    {
        if (IsRelaxed(rounding, flags))
        {
            // A subnormal sum is exact.
            var sum = a + b;
            if (double.IsFinite(sum))
                return sum;
        }

        return AddCarefully(a, b, rounding, ref flags);
    }

    /// <summary>a − b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Subtract(double a, double b, FloatingPointRounding rounding, ref uint flags) => Add(a, -b, rounding, ref flags);

    /// <summary>a × b; Invalid for zero times infinity.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Multiply(double a, double b, FloatingPointRounding rounding, ref uint flags)
    {
        if (IsRelaxed(rounding, flags))
        {
            var product = a * b;
            if (IsClearlyNormal(product))
                return product;
        }

        return MultiplyCarefully(a, b, rounding, ref flags);
    }

    /// <summary>a ÷ b; DivideByZero for a finite non-zero a and zero b, Invalid for 0 ÷ 0 and ∞ ÷ ∞.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Divide(double a, double b, FloatingPointRounding rounding, ref uint flags)
    {
        if (IsRelaxed(rounding, flags))
        {
            var quotient = a / b;
            if (IsClearlyNormal(quotient))
                return quotient;
        }

        return DivideCarefully(a, b, rounding, ref flags);
    }

    /// <summary>√a; Invalid below −0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double SquareRoot(double a, FloatingPointRounding rounding, ref uint flags) =>
        IsRelaxed(rounding, flags) && a >= 0 ? Math.Sqrt(a) : SquareRootCarefully(a, rounding, ref flags);

    /// <summary>a × b + c, rounded once; Invalid for zero times infinity, even when c is a quiet NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double FusedMultiplyAdd(double a, double b, double c, FloatingPointRounding rounding, ref uint flags)
    {
        if (HasFusedMultiplyAdd && IsRelaxed(rounding, flags))
        {
            var result = Math.FusedMultiplyAdd(a, b, c);
            if (IsClearlyNormal(result))
                return result;
        }

        return FusedMultiplyAddCarefully(a, b, c, rounding, ref flags);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static double AddCarefully(double a, double b, FloatingPointRounding rounding, ref uint flags)
    {
        if (rounding == FloatingPointRounding.NearestEven)
        {
            var sum = a + b;
            var error = ErrorOfSum(a, b, sum);
            if (double.IsFinite(error))
            {
                FlagInexact(error != 0, ref flags);
                return sum;
            }
        }

        return Double(SoftFloat.Add(Bits(a), Bits(b), BinaryFormat.Double, rounding, ref flags));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static double MultiplyCarefully(double a, double b, FloatingPointRounding rounding, ref uint flags)
    {
        var product = a * b;
        if (product == 0 && (a == 0 || b == 0))
            return product;
        if (rounding == FloatingPointRounding.NearestEven && HasFusedMultiplyAdd && HasRepresentableError(product))
        {
            FlagInexact(Math.FusedMultiplyAdd(a, b, -product) != 0, ref flags);
            return product;
        }

        return Double(SoftFloat.Multiply(Bits(a), Bits(b), BinaryFormat.Double, rounding, ref flags));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static double DivideCarefully(double a, double b, FloatingPointRounding rounding, ref uint flags)
    {
        var quotient = a / b;
        if (quotient == 0 && a == 0)
            return quotient;
        if (rounding == FloatingPointRounding.NearestEven && HasFusedMultiplyAdd
            && IsClearlyNormal(quotient) && HasRepresentableError(a))
        {
            FlagInexact(Math.FusedMultiplyAdd(quotient, b, -a) != 0, ref flags);
            return quotient;
        }

        return Double(SoftFloat.Divide(Bits(a), Bits(b), BinaryFormat.Double, rounding, ref flags));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static double SquareRootCarefully(double a, FloatingPointRounding rounding, ref uint flags)
    {
        if (rounding == FloatingPointRounding.NearestEven && HasFusedMultiplyAdd && a > 0 && HasRepresentableError(a))
        {
            var root = Math.Sqrt(a);
            FlagInexact(Math.FusedMultiplyAdd(root, root, -a) != 0, ref flags);
            return root;
        }

        return Double(SoftFloat.SquareRoot(Bits(a), BinaryFormat.Double, rounding, ref flags));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static double FusedMultiplyAddCarefully(double a, double b, double c, FloatingPointRounding rounding, ref uint flags)
    {
        if (rounding == FloatingPointRounding.NearestEven && HasFusedMultiplyAdd)
        {
            // Enough for programs that calculate with integers: product and sum both exact.
            var product = a * b;
            var sum = product + c;
            if (HasRepresentableError(product) && Math.FusedMultiplyAdd(a, b, -product) == 0 && ErrorOfSum(product, c, sum) == 0)
                return sum;
        }

        return Double(SoftFloat.FusedMultiplyAdd(Bits(a), Bits(b), Bits(c), BinaryFormat.Double, rounding, ref flags));
    }

    /// <summary>What rounding took from a + b, exactly; NaN when that overflows or an operand is not finite (Knuth's TwoSum).</summary>
    private static double ErrorOfSum(double a, double b, double sum)
    {
        var roundedB = sum - a;
        return (a - (sum - roundedB)) + (b - roundedB);
    }

    private static bool HasRepresentableError(double a) => Math.Abs(a) is > ErrorsRepresentable and < double.PositiveInfinity;
}
