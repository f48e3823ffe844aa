using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Semantics.Tree;

/// <summary>Writes <c>fpFlags</c> or <c>fpRounding</c> in a csr line.</summary>
internal sealed record WriteHart(SpecLocation Location, HartValue Target, Expression Value) : Statement(Location);
