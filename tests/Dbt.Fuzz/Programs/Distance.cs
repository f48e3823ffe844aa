namespace Dbt.Fuzz.Programs;

/// <summary>Which part of the distance to its target a step encodes.</summary>
internal enum Distance
{
    /// <summary>All of it, from the step itself.</summary>
    Whole,

    /// <summary>The upper 20 bits, from the step itself (auipc).</summary>
    Upper,

    /// <summary>The lower 12 bits, from the step before (the addi behind an auipc).</summary>
    Lower,
}
