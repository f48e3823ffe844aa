namespace Dbt.Isa.FloatingPoint;

/// <summary>
/// IEEE 754 arithmetic in integers, for every format, rounding direction and operand: what <see cref="Ieee754"/>
/// falls back on when the host's own operation would not tell enough. Each operation unpacks, calculates a significand
/// of which at most a sticky last bit is inexact, and leaves the rest to <see cref="RoundAndPack"/>.
/// Intermediate values are sig × 2^(exponent − 126) with sig a <see cref="DoubleWord"/>.
/// </summary>
internal static class SoftFloat
{
    /// <summary>a + b.</summary>
    public static ulong Add(ulong a, ulong b, BinaryFormat format, FloatingPointRounding rounding, ref uint flags)
    {
        if (format.IsNaN(a) || format.IsNaN(b))
            return PropagateNaN(a, b, format, ref flags);
        if (format.IsInfinite(a))
            return format.IsInfinite(b) && a != b ? Invalid(format, ref flags) : a;
        if (format.IsInfinite(b))
            return b;
        if (format.IsZero(a) && format.IsZero(b))
            return a == b ? a : ExactZero(format, rounding);
        if (format.IsZero(a))
            return b;
        if (format.IsZero(b))
            return a;
        var x = format.Unpack(a);
        var y = format.Unpack(b);
        return Sum(x.Negative, x.Exponent, x.Wide, y, format, rounding, ref flags);
    }

    /// <summary>a × b.</summary>
    public static ulong Multiply(ulong a, ulong b, BinaryFormat format, FloatingPointRounding rounding, ref uint flags)
    {
        if (format.IsNaN(a) || format.IsNaN(b))
            return PropagateNaN(a, b, format, ref flags);
        var negative = format.IsNegative(a ^ b);
        if (format.IsInfinite(a) || format.IsInfinite(b))
        {
            return format.IsZero(a) || format.IsZero(b)
                ? Invalid(format, ref flags)
                : format.WithSign(negative, format.Infinity);
        }

        if (format.IsZero(a) || format.IsZero(b))
            return format.WithSign(negative, 0);
        var x = format.Unpack(a);
        var y = format.Unpack(b);
        var product = DoubleWord.Multiply(x.Significand, y.Significand);
        return RoundAndPack(negative, x.Exponent + y.Exponent, product, format, rounding, ref flags);
    }

    /// <summary>a ÷ b.</summary>
    public static ulong Divide(ulong a, ulong b, BinaryFormat format, FloatingPointRounding rounding, ref uint flags)
    {
        if (format.IsNaN(a) || format.IsNaN(b))
            return PropagateNaN(a, b, format, ref flags);
        var negative = format.IsNegative(a ^ b);
        if (format.IsInfinite(a))
            return format.IsInfinite(b) ? Invalid(format, ref flags) : format.WithSign(negative, format.Infinity);
        if (format.IsInfinite(b))
            return format.WithSign(negative, 0);
        if (format.IsZero(b))
        {
            if (format.IsZero(a))
                return Invalid(format, ref flags);
            flags |= (uint)FloatingPointFlags.DivideByZero;
            return format.WithSign(negative, format.Infinity);
        }

        if (format.IsZero(a))
            return format.WithSign(negative, 0);
        var x = format.Unpack(a);
        var y = format.Unpack(b);
        var (quotient, remainder) = DoubleWord.Divide(x.Wide, y.Significand);
        var significand = ((DoubleWord)quotient << 63) | Sticky(remainder != 0);
        return RoundAndPack(negative, x.Exponent - y.Exponent, significand, format, rounding, ref flags);
    }

    /// <summary>√a.</summary>
    public static ulong SquareRoot(ulong a, BinaryFormat format, FloatingPointRounding rounding, ref uint flags)
    {
        if (format.IsNaN(a))
            return PropagateNaN(a, a, format, ref flags);
        if (format.IsZero(a))
            return a;
        if (format.IsNegative(a))
            return Invalid(format, ref flags);
        if (format.IsInfinite(a))
            return a;
        var x = format.Unpack(a);
        // With an even exponent to halve and 111 or 112 bits of radicand, the root has 56 bits: enough for 53 and a half.
        var radicand = (DoubleWord)x.Significand << (47 + (x.Exponent & 1));
        var root = IntegerSquareRoot(radicand);
        var significand = ((DoubleWord)root << 71) | Sticky(DoubleWord.Multiply(root, root) != radicand);
        return RoundAndPack(negative: false, x.Exponent >> 1, significand, format, rounding, ref flags);
    }

    /// <summary>a × b + c, rounded once. Infinity times zero is invalid even when c is a quiet NaN.</summary>
    public static ulong FusedMultiplyAdd(ulong a, ulong b, ulong c, BinaryFormat format, FloatingPointRounding rounding, ref uint flags)
    {
        var undefined = (format.IsInfinite(a) && format.IsZero(b)) || (format.IsZero(a) && format.IsInfinite(b));
        if (undefined)
            flags |= (uint)FloatingPointFlags.Invalid;
        if (format.IsNaN(a) || format.IsNaN(b) || format.IsNaN(c))
        {
            FlagSignaling(c, format, ref flags);
            return PropagateNaN(a, b, format, ref flags);
        }

        if (undefined)
            return format.CanonicalNaN;
        var negative = format.IsNegative(a ^ b);
        if (format.IsInfinite(a) || format.IsInfinite(b))
        {
            return format.IsInfinite(c) && format.IsNegative(c) != negative
                ? Invalid(format, ref flags)
                : format.WithSign(negative, format.Infinity);
        }

        if (format.IsInfinite(c))
            return c;
        if (format.IsZero(a) || format.IsZero(b))
        {
            var zero = format.WithSign(negative, 0);
            return !format.IsZero(c) || c == zero ? c : ExactZero(format, rounding);
        }

        var x = format.Unpack(a);
        var y = format.Unpack(b);
        var product = DoubleWord.Multiply(x.Significand, y.Significand);
        var exponent = x.Exponent + y.Exponent;
        if (format.IsZero(c))
            return RoundAndPack(negative, exponent, product, format, rounding, ref flags);
        if (product.LeadingZeroCount == 0)
        {
            // A product has at most 106 bits, so its last one is zero.
            product >>= 1;
            exponent++;
        }

        return Sum(negative, exponent, product, format.Unpack(c), format, rounding, ref flags);
    }

    /// <summary>a in another format.</summary>
    public static ulong Convert(ulong a, BinaryFormat from, BinaryFormat to, FloatingPointRounding rounding, ref uint flags)
    {
        if (from.IsNaN(a))
        {
            FlagSignaling(a, from, ref flags);
            return to.CanonicalNaN;
        }

        if (from.IsInfinite(a))
            return to.WithSign(from.IsNegative(a), to.Infinity);
        if (from.IsZero(a))
            return to.WithSign(from.IsNegative(a), 0);
        var x = from.Unpack(a);
        return RoundAndPack(x.Negative, x.Exponent, x.Wide, to, rounding, ref flags);
    }

    /// <summary>± magnitude as a floating-point number.</summary>
    public static ulong FromInteger(bool negative, ulong magnitude, BinaryFormat format, FloatingPointRounding rounding, ref uint flags) =>
        magnitude == 0 ? 0 : RoundAndPack(negative, 126, magnitude, format, rounding, ref flags);

    /// <summary>Accrues Invalid when a is a signaling NaN.</summary>
    public static void FlagSignaling(ulong a, BinaryFormat format, ref uint flags)
    {
        if (format.IsSignalingNaN(a))
            flags |= (uint)FloatingPointFlags.Invalid;
    }

    private static ulong PropagateNaN(ulong a, ulong b, BinaryFormat format, ref uint flags)
    {
        FlagSignaling(a, format, ref flags);
        FlagSignaling(b, format, ref flags);
        return format.CanonicalNaN;
    }

    private static ulong Invalid(BinaryFormat format, ref uint flags)
    {
        flags |= (uint)FloatingPointFlags.Invalid;
        return format.CanonicalNaN;
    }

    /// <summary>The zero that numbers of opposite sign cancel to.</summary>
    private static ulong ExactZero(BinaryFormat format, FloatingPointRounding rounding) =>
        format.WithSign(rounding == FloatingPointRounding.Down, 0);

    /// <summary>
    /// x + y, where x's significand has its leading bit in place 126 and at most 107 significant bits.
    /// When the exponents differ by two or more, cancellation costs at most one bit, so the jammed bit stays below
    /// the rounding position; when they differ by less, nothing is jammed.
    /// </summary>
    private static ulong Sum(
        bool negative, int exponent, DoubleWord significand, Unpacked y, BinaryFormat format, FloatingPointRounding rounding, ref uint flags)
    {
        var other = y.Wide;
        var otherNegative = y.Negative;
        var distance = exponent - y.Exponent;
        if (distance < 0 || (distance == 0 && significand < other))
        {
            (significand, other) = (other, significand);
            (negative, otherNegative) = (otherNegative, negative);
            exponent = y.Exponent;
            distance = Math.Abs(distance);
        }

        other = ShiftRightJam(other, distance);
        var sum = negative == otherNegative ? significand + other : significand - other;
        return sum == 0
            ? ExactZero(format, rounding)
            : RoundAndPack(negative, exponent, sum, format, rounding, ref flags);
    }

    /// <summary>
    /// Rounds ± significand × 2^(exponent − 126), which must not be zero, into the format and accrues
    /// Inexact, Overflow and Underflow; tininess is detected after rounding.
    /// </summary>
    private static ulong RoundAndPack(
        bool negative, int exponent, DoubleWord significand, BinaryFormat format, FloatingPointRounding rounding, ref uint flags)
    {
        var leadingZeros = significand.LeadingZeroCount;
        significand <<= leadingZeros;
        exponent += 1 - leadingZeros;

        // Below the smallest normal exponent the last place stays where it is, so more bits fall away.
        var excess = 128 - format.Precision;
        var denormalization = Math.Max(format.MinExponent - exponent, 0);
        var rounded = Round(significand, excess + denormalization, negative, rounding, out var inexact);
        if (inexact)
        {
            flags |= (uint)FloatingPointFlags.Inexact;
            if (denormalization > 1
                || (denormalization == 1 && Round(significand, excess, negative, rounding, out _) < 1UL << format.Precision))
            {
                flags |= (uint)FloatingPointFlags.Underflow;
            }
        }

        // The leading one, where there is one, adds itself to the exponent field, and so does a carry.
        if (exponent <= format.MaxExponent)
        {
            var field = (ulong)(exponent + denormalization - format.MinExponent) << (format.Precision - 1);
            if (field + rounded < format.Infinity)
                return format.WithSign(negative, field + rounded);
        }

        flags |= (uint)(FloatingPointFlags.Overflow | FloatingPointFlags.Inexact);
        var toInfinity = rounding switch
        {
            FloatingPointRounding.TowardZero => false,
            FloatingPointRounding.Down => negative,
            FloatingPointRounding.Up => !negative,
            _ => true,
        };
        return format.WithSign(negative, toInfinity ? format.Infinity : format.MaxFinite);
    }

    /// <summary>The significand without its last <paramref name="excess"/> (≥ 66) bits, rounded.</summary>
    private static ulong Round(DoubleWord significand, int excess, bool negative, FloatingPointRounding rounding, out bool inexact)
    {
        var withHalfAndSticky = ShiftRightJam(significand, excess - 2).Low;
        var rest = withHalfAndSticky & 3;
        var kept = withHalfAndSticky >> 2;
        inexact = rest != 0;
        var increment = rounding switch
        {
            FloatingPointRounding.NearestEven => rest + (kept & 1) > 2,
            FloatingPointRounding.NearestAway => rest >= 2,
            FloatingPointRounding.Down => negative && inexact,
            FloatingPointRounding.Up => !negative && inexact,
            _ => false,
        };
        return increment ? kept + 1 : kept;
    }

    /// <summary>value >> count, the last bit set when a bit was lost.</summary>
    private static DoubleWord ShiftRightJam(DoubleWord value, int count)
    {
        if (count >= 128)
            return Sticky(value != 0);
        var shifted = value >> count;
        return shifted | Sticky(shifted << count != value);
    }

    private static DoubleWord Sticky(bool lost) => lost ? 1UL : 0UL;

    /// <summary>⌊√n⌋ for n &lt; 2^112: the host's root is a few units off at most.</summary>
    private static ulong IntegerSquareRoot(DoubleWord n)
    {
        var root = (ulong)Math.Sqrt(n.Approximate);
        while (DoubleWord.Multiply(root, root) > n)
            root--;
        while (DoubleWord.Multiply(root + 1, root + 1) <= n)
            root++;
        return root;
    }
}
