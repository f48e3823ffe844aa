using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Semantics.Tree;

/// <summary><c>fence(pred, succ)</c>: orders memory accesses.</summary>
internal sealed record Fence(SpecLocation Location, Expression Predecessors, Expression Successors) : Statement(Location);
