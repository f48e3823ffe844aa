using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Semantics.Tree;

/// <summary>C#'s unchecked conversion between integer types.</summary>
internal sealed record Conversion(SpecLocation Location, ValueType Type, Expression Operand) : Expression(Location, Type);
