using System.Numerics;

namespace Dbt.Isa.FloatingPoint;

/// <summary>An unsigned number of 128 bits.</summary>
/// <remarks>Not a UInt128: ReadyToRun compiles nothing that has one in it, and a program's first <c>fmadd.d</c> would wait for the JIT compiler.</remarks>
/// <param name="High">The upper half.</param>
/// <param name="Low">The lower half.</param>
internal readonly record struct DoubleWord(ulong High, ulong Low)
{
    /// <summary>Zeros in front of the first one; 128 for 0.</summary>
    public int LeadingZeroCount => High != 0 ? BitOperations.LeadingZeroCount(High) : 64 + BitOperations.LeadingZeroCount(Low);

    /// <summary>The nearest binary64, but for double rounding.</summary>
    public double Approximate => High * 18446744073709551616.0 + Low;

    /// <summary>The same number.</summary>
    public static implicit operator DoubleWord(ulong value) => new(0, value);

    /// <summary>The whole product.</summary>
    public static DoubleWord Multiply(ulong a, ulong b) => new(Math.BigMul(a, b, out var low), low);

    /// <summary>A quotient of less than 2^64 by a divisor whose first bit is set: digit by digit of 32 bits (Knuth, vol. 2, 4.3.1, algorithm D).</summary>
    public static (ulong Quotient, ulong Remainder) Divide(DoubleWord dividend, ulong divisor)
    {
        var first = DivideDigit(dividend.High, dividend.Low >> 32, divisor, out var rest);
        var second = DivideDigit(rest, dividend.Low & uint.MaxValue, divisor, out rest);
        return (first << 32 | second, rest);
    }

    public static DoubleWord operator +(DoubleWord a, DoubleWord b)
    {
        var low = a.Low + b.Low;
        return new(a.High + b.High + (low < a.Low ? 1UL : 0), low);
    }

    public static DoubleWord operator -(DoubleWord a, DoubleWord b) => new(a.High - b.High - (a.Low < b.Low ? 1UL : 0), a.Low - b.Low);

    public static DoubleWord operator |(DoubleWord a, DoubleWord b) => new(a.High | b.High, a.Low | b.Low);

    /// <summary>By 0 to 127 places.</summary>
    public static DoubleWord operator <<(DoubleWord a, int count) => count switch
    {
        0 => a,
        < 64 => new(a.High << count | a.Low >> (64 - count), a.Low << count),
        _ => new(a.Low << (count - 64), 0),
    };

    /// <inheritdoc cref="op_LeftShift"/>
    public static DoubleWord operator >>(DoubleWord a, int count) => count switch
    {
        0 => a,
        < 64 => new(a.High >> count, a.Low >> count | a.High << (64 - count)),
        _ => new(0, a.High >> (count - 64)),
    };

    public static bool operator <(DoubleWord a, DoubleWord b) => a.High != b.High ? a.High < b.High : a.Low < b.Low;

    public static bool operator >(DoubleWord a, DoubleWord b) => b < a;

    public static bool operator <=(DoubleWord a, DoubleWord b) => !(b < a);

    public static bool operator >=(DoubleWord a, DoubleWord b) => !(a < b);

    // The next digit of (rest, next) / divisor, where rest < divisor. The estimate from the divisor's upper digit is at most two too big.
    private static ulong DivideDigit(ulong rest, ulong next, ulong divisor, out ulong remainder)
    {
        var (high, low) = (divisor >> 32, divisor & uint.MaxValue);
        var digit = rest / high;
        var over = rest % high;
        while (digit > uint.MaxValue || digit * low > (over << 32 | next))
        {
            digit--;
            over += high;
            if (over > uint.MaxValue)
                break;
        }
        remainder = (rest << 32 | next) - digit * divisor;
        return digit;
    }
}
