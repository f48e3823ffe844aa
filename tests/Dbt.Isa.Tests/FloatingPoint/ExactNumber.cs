using System.Numerics;
using Dbt.Isa.FloatingPoint;

namespace Dbt.Isa.Tests.FloatingPoint;

/// <summary>
/// A rational number, and how IEEE 754 rounds it: the oracle. Slow, and written from the standard's definitions
/// (clauses 4.3 and 7) without a look at the implementation.
/// </summary>
internal readonly record struct ExactNumber(BigInteger Numerator, BigInteger Denominator)
{
    public bool IsZero => Numerator.IsZero;

    /// <summary>The value of a finite bit pattern.</summary>
    public static ExactNumber Of(ulong bits, BinaryFormat format)
    {
        var fractionBits = format.Precision - 1;
        var fraction = (BigInteger)(bits % (1UL << fractionBits));
        var biased = (int)(bits >> fractionBits) % (1 << format.ExponentBits);
        var negative = bits >> (fractionBits + format.ExponentBits) != 0;
        if (biased != 0)
            fraction += BigInteger.One << fractionBits;
        var exponent = Math.Max(biased, 1) - ((1 << (format.ExponentBits - 1)) - 1) - fractionBits;
        return new ExactNumber(negative ? -fraction : fraction, 1).TimesPowerOfTwo(exponent);
    }

    public static ExactNumber operator +(ExactNumber a, ExactNumber b) =>
        new(a.Numerator * b.Denominator + b.Numerator * a.Denominator, a.Denominator * b.Denominator);

    public static ExactNumber operator -(ExactNumber a, ExactNumber b) => a + b with { Numerator = -b.Numerator };

    public static ExactNumber operator *(ExactNumber a, ExactNumber b) =>
        new(a.Numerator * b.Numerator, a.Denominator * b.Denominator);

    public static ExactNumber operator /(ExactNumber a, ExactNumber b) =>
        new(a.Numerator * b.Denominator * b.Numerator.Sign, a.Denominator * BigInteger.Abs(b.Numerator));

    public ExactNumber TimesPowerOfTwo(int exponent) => exponent >= 0
        ? this with { Numerator = Numerator << exponent }
        : this with { Denominator = Denominator << -exponent };

    /// <summary>A number that rounds like the square root in all directions: exact, or between the same neighbours at 200 bits.</summary>
    public ExactNumber SquareRoot()
    {
        if (IsZero)
            return this;

        // √(n/d) = √(n·d)/d
        var radicand = (Numerator * Denominator) << 400;
        var root = BigInteger.One << (int)((radicand.GetBitLength() + 1) / 2);
        while (true)
        {
            var next = (root + radicand / root) >> 1;
            if (next >= root)
                break;
            root = next;
        }

        var isExact = root * root == radicand;
        return new ExactNumber(2 * root + (isExact ? 0 : 1), Denominator).TimesPowerOfTwo(-201);
    }

    /// <summary>The nearest integer in a direction.</summary>
    public BigInteger ToInteger(FloatingPointRounding rounding)
    {
        var floor = BigInteger.DivRem(Numerator, Denominator, out var remainder);
        if (remainder.Sign < 0)
            (floor, remainder) = (floor - 1, remainder + Denominator);
        if (remainder.IsZero)
            return floor;
        var half = (2 * remainder).CompareTo(Denominator);
        var up = rounding switch
        {
            FloatingPointRounding.Up => true,
            FloatingPointRounding.Down => false,
            FloatingPointRounding.TowardZero => Numerator.Sign < 0,
            FloatingPointRounding.NearestEven => half > 0 || (half == 0 && !floor.IsEven),
            FloatingPointRounding.NearestAway => half > 0 || (half == 0 && Numerator.Sign > 0),
            _ => throw new ArgumentOutOfRangeException(nameof(rounding)),
        };
        return up ? floor + 1 : floor;
    }

    /// <summary>The bit pattern of this number, which is not zero, rounded to a format.</summary>
    public ulong Round(BinaryFormat format, FloatingPointRounding rounding, ref uint flags)
    {
        var precision = format.Precision;
        var maxExponent = (1 << (format.ExponentBits - 1)) - 1;
        var sign = Numerator.Sign < 0 ? 1UL << (precision - 1 + format.ExponentBits) : 0;
        var exponent = FloorOfLogarithm();

        // "as though the exponent range were unbounded"
        var unbounded = RoundToPlace(exponent - precision + 1, rounding);
        var tiny = !unbounded.IsZero && unbounded.FloorOfLogarithm() < 1 - maxExponent;
        var overflow = unbounded.FloorOfLogarithm() > maxExponent;

        var place = Math.Max(exponent, 1 - maxExponent) - precision + 1;
        var rounded = RoundToPlace(place, rounding);
        var inexact = !(rounded - this).IsZero;
        if (overflow)
        {
            flags |= (uint)(FloatingPointFlags.Overflow | FloatingPointFlags.Inexact);
            var away = rounding is FloatingPointRounding.NearestEven or FloatingPointRounding.NearestAway
                || rounding == (sign == 0 ? FloatingPointRounding.Up : FloatingPointRounding.Down);
            var infinity = ((1UL << format.ExponentBits) - 1) << (precision - 1);
            return sign | (away ? infinity : infinity - 1);
        }

        if (inexact)
            flags |= (uint)FloatingPointFlags.Inexact;
        if (inexact && tiny)
            flags |= (uint)FloatingPointFlags.Underflow;

        if (rounded.IsZero)
            return sign;
        var units = (ulong)BigInteger.Abs(rounded.TimesPowerOfTwo(-place).ToInteger(FloatingPointRounding.TowardZero));
        if (units == 1UL << precision)
            (units, place) = (units / 2, place + 1);
        var implicitOne = 1UL << (precision - 1);
        return units < implicitOne
            ? sign | units
            : sign | ((ulong)(place + precision - 1 + maxExponent) << (precision - 1)) | (units - implicitOne);
    }

    private ExactNumber RoundToPlace(int place, FloatingPointRounding rounding) =>
        new ExactNumber(TimesPowerOfTwo(-place).ToInteger(rounding), 1).TimesPowerOfTwo(place);

    /// <summary>⌊log₂ |this|⌋.</summary>
    private int FloorOfLogarithm()
    {
        var magnitude = BigInteger.Abs(Numerator);
        var guess = (int)(magnitude.GetBitLength() - Denominator.GetBitLength());
        var atLeastGuess = guess >= 0 ? magnitude >= Denominator << guess : magnitude << -guess >= Denominator;
        return atLeastGuess ? guess : guess - 1;
    }
}
