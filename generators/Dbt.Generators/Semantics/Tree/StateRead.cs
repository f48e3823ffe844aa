using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Semantics.Tree;

/// <summary>A word of the hart's system state, or a field of one.</summary>
internal sealed record StateRead(SpecLocation Location, ValueType Type, StateModel State, StateFieldModel? Field) : Expression(Location, Type);
