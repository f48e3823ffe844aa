namespace Dbt.Isa.FloatingPoint;

/// <summary>
/// A finite, non-zero number: ± <paramref name="Significand"/> × 2^(<paramref name="Exponent"/> − 63).
/// </summary>
/// <param name="Negative">The sign.</param>
/// <param name="Exponent">The exponent of the leading bit: 2^Exponent ≤ |value| &lt; 2^(Exponent + 1).</param>
/// <param name="Significand">Bit 63 is set.</param>
internal readonly record struct Unpacked(bool Negative, int Exponent, ulong Significand)
{
    /// <summary>The significand as <see cref="SoftFloat"/> calculates with it: bit 126 is set, bit 127 is room for a carry.</summary>
    public DoubleWord Wide => (DoubleWord)Significand << 63;
}
