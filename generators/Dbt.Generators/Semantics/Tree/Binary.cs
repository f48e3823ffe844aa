using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Semantics.Tree;

/// <summary>An operator with two operands of one type (a shift count is an int).</summary>
internal sealed record Binary(SpecLocation Location, ValueType Type, BinaryOperator Operator, Expression Left, Expression Right) : Expression(Location, Type);
