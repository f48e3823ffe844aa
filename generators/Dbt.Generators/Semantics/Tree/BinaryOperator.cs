namespace Dbt.Generators.Semantics.Tree;

/// <summary>The names of <c>Dbt.Isa.Semantics.BinaryOperator</c>, which has the documentation. A test keeps them equal.</summary>
internal enum BinaryOperator
{
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    And,
    Or,
    Xor,
    ShiftLeft,
    ShiftRight,
    ShiftRightLogical,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}
