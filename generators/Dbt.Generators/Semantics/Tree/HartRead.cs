using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Semantics.Tree;

/// <summary><c>fpFlags</c>, <c>fpRounding</c> or <c>counter(…)</c> in a csr line.</summary>
internal sealed record HartRead(SpecLocation Location, ValueType Type, HartValue Value) : Expression(Location, Type);
