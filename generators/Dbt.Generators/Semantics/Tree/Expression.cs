using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Semantics.Tree;

/// <summary>A typed value in a row's semantics.</summary>
internal abstract record Expression(SpecLocation Location, ValueType Type);
