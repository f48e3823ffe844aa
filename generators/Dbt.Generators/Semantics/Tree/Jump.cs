using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Semantics.Tree;

/// <summary><c>jump(target)</c>: goes on at a guest address.</summary>
internal sealed record Jump(SpecLocation Location, Expression Target) : Statement(Location);
