namespace Dbt.Generators.Spec.Model;

/// <summary>An <c>implies</c> line for one extension: switched on when all of <paramref name="With"/> are on, on these variants.</summary>
internal sealed record ImplicationModel(string Extension, EquatableArray<string> With, EquatableArray<string> Variants);
