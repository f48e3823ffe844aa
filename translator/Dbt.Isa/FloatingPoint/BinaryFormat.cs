namespace Dbt.Isa.FloatingPoint;

/// <summary>
/// The layout of an IEEE 754 binary interchange format of at most 64 bits, and what its bit patterns mean.
/// Patterns are held in the low bits of a <see cref="ulong"/>, so that one software implementation serves every format.
/// </summary>
/// <param name="Precision">Bits of a significand with its leading one (p in the standard).</param>
/// <param name="ExponentBits">Bits of the exponent field (w in the standard).</param>
internal readonly record struct BinaryFormat(int Precision, int ExponentBits)
{
    /// <summary>binary32, C#'s float.</summary>
    public static BinaryFormat Single => new(24, 8);

    /// <summary>binary64, C#'s double.</summary>
    public static BinaryFormat Double => new(53, 11);

    /// <summary>The largest exponent of a finite value, which is also the bias of the exponent field.</summary>
    public int MaxExponent => (1 << (ExponentBits - 1)) - 1;

    /// <summary>The exponent of the smallest normal value and of every subnormal one.</summary>
    public int MinExponent => 1 - MaxExponent;

    /// <summary>The sign alone: also the pattern of -0.</summary>
    public ulong SignBit => 1UL << (Precision + ExponentBits - 1);

    /// <summary>Positive infinity; the patterns of greater magnitude are NaNs.</summary>
    public ulong Infinity => ((1UL << ExponentBits) - 1) << (Precision - 1);

    /// <summary>The finite value of largest magnitude, positive.</summary>
    public ulong MaxFinite => Infinity - 1;

    /// <summary>The bit that tells a quiet NaN from a signaling one.</summary>
    public ulong QuietBit => 1UL << (Precision - 2);

    /// <summary>The NaN that every operation delivers: positive, quiet, no payload.</summary>
    public ulong CanonicalNaN => Infinity | QuietBit;

    public ulong Magnitude(ulong bits) => bits & (SignBit - 1);

    public bool IsNegative(ulong bits) => (bits & SignBit) != 0;

    public bool IsZero(ulong bits) => Magnitude(bits) == 0;

    public bool IsInfinite(ulong bits) => Magnitude(bits) == Infinity;

    public bool IsNaN(ulong bits) => Magnitude(bits) > Infinity;

    public bool IsSignalingNaN(ulong bits) => IsNaN(bits) && (bits & QuietBit) == 0;

    /// <summary>The pattern of an infinity or zero with a sign.</summary>
    public ulong WithSign(bool negative, ulong magnitude) => negative ? SignBit | magnitude : magnitude;

    /// <summary>Takes a finite, non-zero pattern apart and normalizes it.</summary>
    public Unpacked Unpack(ulong bits)
    {
        var fraction = bits & ((1UL << (Precision - 1)) - 1);
        var field = (int)(Magnitude(bits) >> (Precision - 1));
        var significand = field == 0 ? fraction : fraction | (1UL << (Precision - 1));
        var exponent = Math.Max(field, 1) - MaxExponent;
        var lead = 63 - (int)ulong.LeadingZeroCount(significand);
        return new Unpacked(IsNegative(bits), exponent - (Precision - 1 - lead), significand << (63 - lead));
    }
}
