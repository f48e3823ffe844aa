using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Semantics.Tree;

/// <summary>Something that a row does.</summary>
internal abstract record Statement(SpecLocation Location);
