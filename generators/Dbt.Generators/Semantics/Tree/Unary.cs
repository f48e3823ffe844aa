using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Semantics.Tree;

/// <summary>An operator with one operand.</summary>
internal sealed record Unary(SpecLocation Location, ValueType Type, UnaryOperator Operator, Expression Operand) : Expression(Location, Type);
