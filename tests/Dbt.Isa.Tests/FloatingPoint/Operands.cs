using System.Numerics;
using Dbt.Isa.FloatingPoint;

namespace Dbt.Isa.Tests.FloatingPoint;

/// <summary>Random bit patterns that prefer the places where floating-point arithmetic goes wrong.</summary>
internal sealed class Operands(int seed)
{
    private readonly Random random = new(seed);

    /// <summary>An operand on its own.</summary>
    public ulong Next(BinaryFormat format)
    {
        var sign = random.Next(2) == 0 ? 0 : format.SignBit;
        var fractionMask = (1UL << (format.Precision - 1)) - 1;
        switch (random.Next(10))
        {
            case 0:
                return sign | Special(format);
            case 1:
                return NextULong() & (format.SignBit | (format.SignBit - 1));
            case 2: // small integers and halves
                return sign | Pack(random.Next(-2, 12), NextULong() & fractionMask & ~(fractionMask >> random.Next(6)), format);
            case 3: // subnormal
                return sign | ((NextULong() & fractionMask) >> random.Next(format.Precision));
            case 4: // the ends of the exponent range
                var fromEnd = random.Next(4);
                return sign | Pack(random.Next(2) == 0 ? format.MinExponent + fromEnd : format.MaxExponent - fromEnd, NextFraction(format), format);
            case 5: // where products of two come near the smallest normal number
                return sign | Pack((format.MinExponent / 2) + random.Next(-4, 4), NextFraction(format), format);
            default:
                return sign | Pack(random.Next(-60, 60), NextFraction(format), format);
        }
    }

    /// <summary>An operand that often stands in a critical relation to another one, such as an intermediate result.</summary>
    public ulong NextBeside(ulong other, BinaryFormat format)
    {
        var sign = random.Next(2) == 0 ? 0 : format.SignBit;
        var fractionMask = (1UL << (format.Precision - 1)) - 1;
        var exponent = (int)((other & (format.SignBit - 1)) >> (format.Precision - 1)) - format.MaxExponent;
        switch (random.Next(6))
        {
            case 0: // cancellation, up to a few units in the last place
                return (other ^ sign) + (ulong)random.Next(-2, 3);
            case 1: // a similar exponent
                return sign | Pack(exponent + random.Next(-3, 4), NextFraction(format), format);
            case 2: // half a unit in the last place, about
                return sign | Pack(exponent - format.Precision + random.Next(-2, 3), random.Next(3) == 0 ? 0 : NextFraction(format), format);
            case 3: // a product or quotient at an end of the range
                var target = (random.Next(2) == 0 ? format.MinExponent : format.MaxExponent) + random.Next(-3, 4);
                return sign | Pack(random.Next(2) == 0 ? target - exponent : exponent - target, NextFraction(format), format);
            case 4: // a quotient that is exact
                return sign | Pack(random.Next(-9, 9), other & fractionMask, format);
            default:
                return Next(format);
        }
    }

    /// <summary>A number near the bounds of the integer types, near their halves, or any.</summary>
    public ulong NextNearInteger(BinaryFormat format)
    {
        if (random.Next(4) == 0)
            return Next(format);
        var sign = random.Next(2) == 0 ? 0 : format.SignBit;
        var exponent = random.Next(3) == 0 ? 30 + (random.Next(2) * 32) + random.Next(4) : random.Next(-3, 66);
        var fractionMask = (1UL << (format.Precision - 1)) - 1;
        // Cut at most two places behind the binary point, so that ties are frequent.
        var cut = Math.Clamp(format.Precision - 1 - exponent - random.Next(3), 0, format.Precision - 1);
        return sign | Pack(exponent, NextFraction(format) & ~((1UL << cut) - 1) & fractionMask, format);
    }

    /// <summary>An integer with runs of equal bits, of any width.</summary>
    public ulong NextInteger()
    {
        var lead = 1UL << random.Next(64);
        var tail = random.Next(4) switch
        {
            0 => 0UL,
            1 => lead >> random.Next(20, 60),
            2 => (lead - 1) & ~(lead >> random.Next(64)),
            _ => NextULong() & (lead - 1),
        };
        var value = lead + tail + (ulong)random.Next(-1, 2);
        return random.Next(2) == 0 ? value : 0 - value;
    }

    public ulong NextULong() => (ulong)random.NextInt64(long.MinValue, long.MaxValue);

    /// <summary>A fraction, mostly of few or long runs of equal bits: those make ties and carries.</summary>
    private ulong NextFraction(BinaryFormat format)
    {
        var mask = (1UL << (format.Precision - 1)) - 1;
        var one = 1UL << random.Next(format.Precision - 1);
        var other = 1UL << random.Next(format.Precision - 1);
        return random.Next(6) switch
        {
            0 => 0,
            1 => mask,
            2 => one | other,
            3 => mask & ~(one - 1),
            4 => BitOperations.RotateLeft(NextULong(), 1) & mask & ~(one - 1),
            _ => NextULong() & mask,
        };
    }

    private ulong Special(BinaryFormat format)
    {
        var smallestNormal = 1UL << (format.Precision - 1);
        return random.Next(12) switch
        {
            0 => 0,
            1 => 1,
            2 => smallestNormal - 1,
            3 => smallestNormal,
            4 => smallestNormal + 1,
            5 => Pack(0, 0, format),
            6 => Pack(0, 1, format),
            7 => Pack(0, 0, format) - 1,
            8 => format.MaxFinite,
            9 => format.Infinity,
            10 => format.Infinity + 1 + (NextULong() % (format.QuietBit - 1)),
            _ => format.Infinity | format.QuietBit | (NextULong() % format.QuietBit),
        };
    }

    private static ulong Pack(int exponent, ulong fraction, BinaryFormat format)
    {
        var field = Math.Clamp(exponent, format.MinExponent - 1, format.MaxExponent) + format.MaxExponent;
        return ((ulong)field << (format.Precision - 1)) | fraction;
    }
}
