namespace Dbt.Generators.Tests.Semantics;

/// <summary>The generator cannot refer to the contracts that it prints for; its copies of their enums have the same names.</summary>
public sealed class ContractNamesTests
{
    [Theory]
    [InlineData(typeof(Dbt.Generators.Semantics.Tree.ValueType), typeof(Dbt.Isa.Semantics.ValueType))]
    [InlineData(typeof(Dbt.Generators.Semantics.Tree.UnaryOperator), typeof(Dbt.Isa.Semantics.UnaryOperator))]
    [InlineData(typeof(Dbt.Generators.Semantics.Tree.BinaryOperator), typeof(Dbt.Isa.Semantics.BinaryOperator))]
    [InlineData(typeof(Dbt.Generators.Semantics.Tree.AtomicOperator), typeof(Dbt.Isa.Semantics.AtomicOperator))]
    [InlineData(typeof(Dbt.Generators.Semantics.Tree.Intrinsic), typeof(Dbt.Isa.Semantics.Intrinsic))]
    public void Enums_have_the_names_of_the_contract(Type copy, Type contract) =>
        Assert.Equal(Enum.GetNames(contract), Enum.GetNames(copy));
}
