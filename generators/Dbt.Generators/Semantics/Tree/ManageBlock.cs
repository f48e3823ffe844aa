using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Semantics.Tree;

/// <summary><c>manageBlock(address)</c>: a cache would do something with the block; it may do so where loads may be made. May fault, as a store.</summary>
internal sealed record ManageBlock(SpecLocation Location, Expression Address) : Statement(Location);
