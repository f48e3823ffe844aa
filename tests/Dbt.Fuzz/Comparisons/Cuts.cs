namespace Dbt.Fuzz.Comparisons;

/// <summary>Where a run is cut into pieces by the instruction budget.</summary>
internal enum Cuts
{
    /// <summary>Nowhere.</summary>
    None,

    /// <summary>Anywhere.</summary>
    Random,

    /// <summary>Everywhere.</summary>
    EveryInstruction,
}
