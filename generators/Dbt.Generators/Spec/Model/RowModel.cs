namespace Dbt.Generators.Spec.Model;

/// <summary>One instruction: a row of a spec.</summary>
/// <param name="Mnemonic">As printed, without the order suffix: <c>amoadd.w</c>.</param>
/// <param name="OrderField">Field printed as a suffix of the mnemonic; empty when there is none.</param>
/// <param name="Identifier">Name of the operation in C#, unique in the ISA: <c>AmoaddW</c>; <c>Rev8Rv32</c> where variants differ.</param>
/// <param name="Over">Mnemonic of the row whose encodings this one takes a part of; empty when there is none.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Mask">Fixed bits.</param>
/// <param name="Match">Their values.</param>
/// <param name="Fields">The fields of its encoding, in the order in which the operands column names them.</param>
/// <param name="Slots">Where an <c>Instruction</c> carries them.</param>
/// <param name="Operands">How they are printed.</param>
/// <param name="Semantics">The semantics column.</param>
/// <param name="Variants">Names of the variants that have it.</param>
/// <param name="Location">Where its mnemonic stands.</param>
/// <param name="OverLocation">Where the name behind <c>over</c> stands.</param>
internal sealed record RowModel(
    string Mnemonic,
    string OrderField,
    string Identifier,
    string Over,
    int Length,
    uint Mask,
    uint Match,
    EquatableArray<FieldModel> Fields,
    EquatableArray<SlotModel> Slots,
    EquatableArray<OperandModel> Operands,
    SpecText Semantics,
    EquatableArray<string> Variants,
    SpecLocation Location,
    SpecLocation OverLocation);
