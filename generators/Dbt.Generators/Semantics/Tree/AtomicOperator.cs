namespace Dbt.Generators.Semantics.Tree;

/// <summary>The names of <c>Dbt.Isa.Semantics.AtomicOperator</c>, which has the documentation. A test keeps them equal.</summary>
internal enum AtomicOperator
{
    Add,
    And,
    Or,
    Xor,
    Exchange,
    Minimum,
    Maximum,
}
