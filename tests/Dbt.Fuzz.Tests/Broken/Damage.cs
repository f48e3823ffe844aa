namespace Dbt.Fuzz.Tests.Broken;

/// <summary>What is wrong with an engine that a fuzzer must find.</summary>
public enum Damage
{
    /// <summary>Exclusive or of 64 bits gives or, for one value in 16 of the first operand's low bits.</summary>
    ExclusiveOr,

    /// <summary>Signed 32-bit comparison for less ignores the lowest bit of the second operand.</summary>
    Comparison,

    /// <summary>A doubleword is stored in two halves: seen only when the second one faults.</summary>
    TornStore,

    /// <summary>An unsigned minimum is signed.</summary>
    AtomicMinimum,

    /// <summary>A store-conditional stores without asking whether the address is the reserved one.</summary>
    Reservation,

    /// <summary>Division of floating-point numbers does not round as it is told to, but to nearest.</summary>
    Rounding,

    /// <summary>An atomic addition is a load and a store: only another hart sees that.</summary>
    Torn,
}
