namespace Dbt.Generators.Semantics.Tree;

/// <summary>State of the hart that csr lines may name.</summary>
internal enum HartValue
{
    /// <summary>Accrued floating-point exceptions.</summary>
    FpFlags,

    /// <summary>The dynamic rounding mode.</summary>
    FpRounding,

    /// <summary>Interrupt inputs of the hart that are high, a bit for each.</summary>
    InterruptLines,

    /// <summary>Cycles so far.</summary>
    Cycle,

    /// <summary>Ticks of the wall clock.</summary>
    Time,

    /// <summary>Instructions so far.</summary>
    Retired,
}
