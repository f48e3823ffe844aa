using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Semantics.Tree;

/// <summary><c>value</c> in a csr line: what is written.</summary>
internal sealed record WrittenValue(SpecLocation Location, ValueType Type) : Expression(Location, Type);
