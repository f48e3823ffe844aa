using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Semantics.Tree;

/// <summary>The value of a local.</summary>
internal sealed record LocalRead(SpecLocation Location, ValueType Type, Local Local) : Expression(Location, Type);
