namespace Dbt.Fuzz.Programs;

/// <summary>Register and memory values at which instructions go wrong, if they do.</summary>
internal static class Values
{
    private const ulong Boxed = 0xFFFF_FFFF_0000_0000;

    /// <summary>An integer: limits, powers of two and their neighbours, small numbers, anything.</summary>
    public static ulong Integer(RandomSource random) => random.Below(10) switch
    {
        0 => 0,
        1 => ulong.MaxValue,
        2 => unchecked((ulong)random.Between(-3, 3)),
        3 => (1UL << random.Below(64)) + unchecked((ulong)random.Between(-1, 1)),
        4 => 0 - (1UL << random.Below(64)) + unchecked((ulong)random.Between(-1, 1)),
        5 => Extend(random.Pick([int.MinValue, int.MaxValue, int.MinValue + 1, -1])),
        6 => (uint)random.NextUInt64(),
        7 => random.NextSized(),
        8 => 0 - random.NextSized(),
        _ => random.NextUInt64(),
    };

    /// <summary>A floating-point register: a double, a boxed single, or a single that is not boxed as it must be.</summary>
    public static ulong Float(RandomSource random) => random.Below(16) switch
    {
        < 7 => Double(random),
        < 14 => Boxed | Single(random),
        14 => Single(random) | random.NextUInt64() << 32,
        _ => random.NextUInt64(),
    };

    /// <summary>Anything that may lie in memory.</summary>
    public static ulong Any(RandomSource random) => random.Below(4) switch
    {
        0 => Integer(random),
        1 => Double(random),
        2 => Single(random) | (ulong)Single(random) << 32,
        _ => Float(random),
    };

    public static ulong Double(RandomSource random) => Format(random, exponentBits: 11, fractionBits: 52);

    public static uint Single(RandomSource random) => (uint)Format(random, exponentBits: 8, fractionBits: 23);

    private static ulong Format(RandomSource random, int exponentBits, int fractionBits)
    {
        var sign = (random.NextUInt64() & 1) << exponentBits + fractionBits;
        var bias = (1UL << exponentBits - 1) - 1;
        var highest = (1UL << exponentBits) - 1;
        var fraction = Fraction(random, fractionBits);
        var exponent = random.Below(12) switch
        {
            0 => highest,
            1 => 0UL,
            2 => random.OneIn(2) ? highest - 1 : 1,
            // Around one, so that sums cancel and products stay in range.
            3 or 4 or 5 => bias + (ulong)random.Between(-3, 3),
            // Around the limits of integers.
            6 or 7 => bias + (ulong)random.Pick([22, 23, 24, 30, 31, 32, 51, 52, 53, 62, 63, 64]),
            // Where products and quotients leave the range at either end.
            8 => bias / 2 + (ulong)random.Between(-2, 2),
            9 => bias + bias / 2 + (ulong)random.Between(-2, 2),
            10 => (ulong)random.Between(1, fractionBits + 2),
            _ => random.NextUInt64() & highest,
        };
        // Infinity and zero are likelier than NaN and subnormal numbers alone would make them.
        if ((exponent == highest || exponent == 0) && random.OneIn(3))
            fraction = 0;
        return sign | exponent << fractionBits | fraction;
    }

    private static ulong Fraction(RandomSource random, int bits)
    {
        var mask = (1UL << bits) - 1;
        return random.Below(6) switch
        {
            0 => 0,
            1 => mask & 0 - random.NextSized(),
            2 => mask & (ulong)random.Between(0, 3),
            // One bit: the quiet bit, the lowest, halves that make ties.
            3 => 1UL << random.Below(bits),
            4 => mask & ~0UL << random.Below(bits),
            _ => mask & random.NextUInt64(),
        };
    }

    private static ulong Extend(int value) => unchecked((ulong)value);
}
