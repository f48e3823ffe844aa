using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Semantics.Tree;

/// <summary>Evaluates an atomic access whose result nobody wants.</summary>
internal sealed record Evaluate(SpecLocation Location, Expression Value) : Statement(Location);
