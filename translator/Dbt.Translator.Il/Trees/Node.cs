using ValueType = Dbt.Isa.Semantics.ValueType;

namespace Dbt.Translator.Il.Trees;

/// <summary>A typed value in the expression trees that the IL engines compile.</summary>
/// <param name="Type">Type of the value.</param>
public abstract record Node(ValueType Type);
