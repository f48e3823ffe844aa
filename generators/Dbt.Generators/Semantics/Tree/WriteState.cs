using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Semantics.Tree;

/// <summary>Writes a word of the hart's system state, or a field of one.</summary>
internal sealed record WriteState(SpecLocation Location, StateModel State, StateFieldModel? Field, Expression Value) : Statement(Location);
