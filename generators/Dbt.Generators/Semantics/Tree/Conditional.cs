using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Semantics.Tree;

/// <summary><c>condition ? then : otherwise</c>; both sides are pure.</summary>
internal sealed record Conditional(SpecLocation Location, ValueType Type, Expression Condition, Expression Then, Expression Otherwise) : Expression(Location, Type);
