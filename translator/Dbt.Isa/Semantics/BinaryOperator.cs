namespace Dbt.Isa.Semantics;

/// <summary>
/// Operators with two operands of one type, which is also the result's, except that comparisons give Bool
/// and shift counts are I32 (taken modulo the width, as in C#).
/// </summary>
public enum BinaryOperator
{
    /// <summary>Wrapping sum.</summary>
    Add,

    /// <summary>Wrapping difference.</summary>
    Subtract,

    /// <summary>Low half of the product.</summary>
    Multiply,

    /// <summary>Quotient, towards zero; the spec guards zero divisors and overflow.</summary>
    Divide,

    /// <summary>Remainder with the dividend's sign.</summary>
    Remainder,

    /// <summary>Bitwise and; on conditions, both (both are evaluated: operands are pure).</summary>
    And,

    /// <summary>Bitwise or; on conditions, either.</summary>
    Or,

    /// <summary>Bitwise exclusive or.</summary>
    Xor,

    /// <summary>Shift left.</summary>
    ShiftLeft,

    /// <summary>Shift right: arithmetic when the type is signed, logical when it is unsigned.</summary>
    ShiftRight,

    /// <summary>Shift right, filling with zeros whatever the type.</summary>
    ShiftRightLogical,

    /// <summary>Equal.</summary>
    Equal,

    /// <summary>Not equal.</summary>
    NotEqual,

    /// <summary>Less, by the type's sign.</summary>
    Less,

    /// <summary>Less or equal.</summary>
    LessOrEqual,

    /// <summary>Greater.</summary>
    Greater,

    /// <summary>Greater or equal.</summary>
    GreaterOrEqual,
}
