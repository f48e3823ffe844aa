namespace Dbt.Generators.Semantics.Tree;

/// <summary>The names of <c>Dbt.Isa.Semantics.UnaryOperator</c>, which has the documentation. A test keeps them equal.</summary>
internal enum UnaryOperator
{
    Negate,
    Complement,
    Not,
}
