namespace Dbt.Generators.Spec.Model;

/// <summary>One register width of an ISA.</summary>
internal readonly record struct VariantModel(string Name, int WordBits);
