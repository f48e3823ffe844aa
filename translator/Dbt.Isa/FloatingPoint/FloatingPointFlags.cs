namespace Dbt.Isa.FloatingPoint;

/// <summary>IEEE 754 exceptions as bits of an accrued-flags word (the order that RISC-V's fflags has).</summary>
[Flags]
public enum FloatingPointFlags : uint
{
    /// <summary>No exception.</summary>
    None = 0,

    /// <summary>The result was rounded.</summary>
    Inexact = 1,

    /// <summary>The result is tiny (after rounding) and inexact.</summary>
    Underflow = 2,

    /// <summary>The result does not fit.</summary>
    Overflow = 4,

    /// <summary>A finite operand was divided by zero.</summary>
    DivideByZero = 8,

    /// <summary>No useful result exists, or an operand was a signaling NaN.</summary>
    Invalid = 16,
}
