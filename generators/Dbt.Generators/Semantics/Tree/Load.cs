using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Semantics.Tree;

/// <summary><c>load&lt;T&gt;(address)</c>. May fault.</summary>
internal sealed record Load(SpecLocation Location, ValueType Type, Expression Address) : Expression(Location, Type);
