using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Semantics.Tree;

/// <summary>Runs one list of statements or the other.</summary>
internal sealed record If(SpecLocation Location, Expression Condition, IReadOnlyList<Statement> Then, IReadOnlyList<Statement> Otherwise) : Statement(Location);
