namespace Dbt.Generators.Spec.Model;

/// <summary>A control and status register: a <c>csr</c> line.</summary>
/// <param name="Name">As in the manual.</param>
/// <param name="Number">As encoded.</param>
/// <param name="Read">Expression for its value (type <c>word</c> after conversion).</param>
/// <param name="Write">Statements; <c>value</c> is what is written. Empty when it is read-only.</param>
/// <param name="View">What it shows, when it is declared by that; both texts are empty then.</param>
/// <param name="IsExternal">Whether the machine around the hart answers accesses.</param>
/// <param name="Variants">Names of the variants that have it.</param>
/// <param name="Location">Where its name stands.</param>
internal sealed record CsrModel(
    string Name,
    int Number,
    SpecText Read,
    SpecText Write,
    CsrViewModel? View,
    bool IsExternal,
    EquatableArray<string> Variants,
    SpecLocation Location);
