using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Semantics.Tree;

/// <summary><c>store(address, value)</c>; the value's type says how wide. May fault.</summary>
internal sealed record Store(SpecLocation Location, Expression Address, Expression Value) : Statement(Location);
