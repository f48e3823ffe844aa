using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Semantics.Tree;

/// <summary>A constant; its bits are sign- or zero-extended by its type.</summary>
internal sealed record Constant(SpecLocation Location, ValueType Type, long Bits) : Expression(Location, Type);
