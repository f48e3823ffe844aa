namespace Dbt.Generators.Spec.Model;

/// <summary>A condition for accesses to csrs, which holds while its extension is on: a <c>guard</c> line.</summary>
/// <param name="Csrs">Names of the registers.</param>
/// <param name="Condition">What must hold; otherwise the access is an illegal instruction.</param>
/// <param name="Variants">Names of the variants that have it.</param>
internal sealed record GuardModel(EquatableArray<SpecText> Csrs, SpecText Condition, EquatableArray<string> Variants);
