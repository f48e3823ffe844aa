using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Semantics.Tree;

/// <summary>Evaluates now, once.</summary>
internal sealed record DeclareLocal(SpecLocation Location, Local Local, Expression Value) : Statement(Location);
