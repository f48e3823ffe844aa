using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Semantics.Tree;

/// <summary>A call of an intrinsic.</summary>
internal sealed record Call(SpecLocation Location, ValueType Type, Intrinsic Intrinsic, IReadOnlyList<Expression> Arguments) : Expression(Location, Type);
