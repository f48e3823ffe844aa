namespace Dbt.Translator.Baseline;

/// <summary>What an <see cref="Expression"/> leaves of its first operand, known when it is made.</summary>
[Flags]
internal enum ExpressionTraits : byte
{
    /// <summary>Something else.</summary>
    None = 0,

    /// <summary>The low bits that count: a conversion to at least 32 bits, but not to more, or between a number and its bits.</summary>
    KeepsLowBits = 1,

    /// <summary>All of 64 bits: a conversion between signed and unsigned.</summary>
    KeepsAllBits = 2,
}
