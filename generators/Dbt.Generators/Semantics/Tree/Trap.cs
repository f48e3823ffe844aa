using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Semantics.Tree;

/// <summary><c>trap(reason)</c>, or <c>fenceI()</c>: leaves to the runtime.</summary>
internal sealed record Trap(SpecLocation Location, string Reason) : Statement(Location);
