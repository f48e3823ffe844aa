using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Spec.Reading;

/// <summary>The part of an extension's file that other files depend on.</summary>
/// <param name="Name">As in an ISA string.</param>
/// <param name="Status">ratified, frozen, draft or custom.</param>
/// <param name="Version">Of the text that was followed.</param>
/// <param name="Title">For people.</param>
/// <param name="Requires">Names, with the places where they stand.</param>
/// <param name="Implies">Implications, with the places of the names in them.</param>
/// <param name="Fields">Fields that this file declares.</param>
/// <param name="Path">The file.</param>
/// <param name="Location">Where the name is declared.</param>
internal sealed record ExtensionHead(
    string Name,
    string Status,
    string Version,
    string Title,
    EquatableArray<SpecText> Requires,
    EquatableArray<ImplicationSyntax> Implies,
    EquatableArray<ScopedField> Fields,
    string Path,
    SpecLocation Location);
