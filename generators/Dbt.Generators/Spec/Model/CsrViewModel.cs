namespace Dbt.Generators.Spec.Model;

/// <summary>What a csr shows: <c>of STATE [FIELD…]</c>, or <c>zero</c>.</summary>
/// <param name="State">The state word; without text when the register reads zero and ignores writes.</param>
/// <param name="Fields">Fields that can be seen and written through it; all when there are none.</param>
internal sealed record CsrViewModel(SpecText State, EquatableArray<SpecText> Fields);
