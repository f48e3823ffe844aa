namespace Dbt.Generators.Spec.Model;

/// <summary>A field and the variants that have it: those of the section in which it is declared.</summary>
internal sealed record ScopedField(FieldModel Field, EquatableArray<string> Variants);
