namespace Dbt.Isa.Semantics;

/// <summary>Operators with one operand.</summary>
public enum UnaryOperator
{
    /// <summary>Two's complement negation; on floating point, the sign bit flips.</summary>
    Negate,

    /// <summary>Bitwise complement.</summary>
    Complement,

    /// <summary>Logical not of a condition.</summary>
    Not,
}
