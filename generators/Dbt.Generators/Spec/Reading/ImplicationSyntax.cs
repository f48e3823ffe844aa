using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Spec.Reading;

/// <summary>One name of an <c>implies</c> line and its conditions.</summary>
internal sealed record ImplicationSyntax(SpecText Extension, EquatableArray<SpecText> With, EquatableArray<string> Variants);
