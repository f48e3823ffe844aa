namespace Dbt.Generators.Spec.Model;

/// <summary>A named group of encoding bits: a <c>field</c> line.</summary>
/// <param name="Name">Name in encodings, operands and semantics.</param>
/// <param name="Pieces">Where its bits stand in the encoding, most significant first.</param>
/// <param name="Shift">Zero bits below them.</param>
/// <param name="Kind">What they mean.</param>
/// <param name="RegisterFile">The register file of a Register field; empty otherwise.</param>
/// <param name="RegisterOffset">Added to the bits of a Register field.</param>
/// <param name="View">As what the register is read and written.</param>
/// <param name="Excluded">Values (after shift, sign and offset) that may not be encoded.</param>
/// <param name="DynamicRounding">The value that means "the hart's rounding mode"; -1 when there is none.</param>
/// <param name="Location">Where its name is declared.</param>
internal sealed record FieldModel(
    string Name,
    EquatableArray<FieldPiece> Pieces,
    int Shift,
    FieldKind Kind,
    string RegisterFile,
    int RegisterOffset,
    RegisterView View,
    EquatableArray<long> Excluded,
    int DynamicRounding,
    SpecLocation Location);
