namespace Dbt.Isa.FloatingPoint;

/// <summary>IEEE 754 rounding directions (the numbers that RISC-V's frm has).</summary>
public enum FloatingPointRounding : uint
{
    /// <summary>To nearest, ties to even (RNE).</summary>
    NearestEven = 0,

    /// <summary>Towards zero (RTZ).</summary>
    TowardZero = 1,

    /// <summary>Towards negative infinity (RDN).</summary>
    Down = 2,

    /// <summary>Towards positive infinity (RUP).</summary>
    Up = 3,

    /// <summary>To nearest, ties away from zero (RMM).</summary>
    NearestAway = 4,
}
