namespace Dbt.Generators.Spec.Model;

/// <summary>What all extensions of an ISA share: the file with the <c>isa</c> line.</summary>
/// <param name="Name">Lower case, e.g. <c>riscv</c>; generated code is in namespace <c>Dbt.Isa.Riscv</c>.</param>
/// <param name="Title">For people.</param>
/// <param name="Variants">Register widths.</param>
/// <param name="RegisterFiles">Register files, general-purpose ones first.</param>
/// <param name="Fields">Fields that every extension may use.</param>
/// <param name="LengthMask">Bits of the first halfword that decide the length...</param>
/// <param name="LengthMatch">...and their values in a 4-byte instruction; 2 bytes otherwise. Mask 0: all are 4 bytes.</param>
/// <param name="Alignment">Alignment of instructions in bytes.</param>
/// <param name="AlignmentWith">Extension that lowers it to 2; empty when there is none.</param>
/// <param name="Order">Extensions in the order of an ISA string; those not named follow by name.</param>
/// <param name="States">System state of a hart.</param>
/// <param name="CsrAccess">What the numbers of csrs say.</param>
/// <param name="Path">The file.</param>
internal sealed record IsaModel(
    string Name,
    string Title,
    EquatableArray<VariantModel> Variants,
    EquatableArray<RegisterFileModel> RegisterFiles,
    EquatableArray<FieldModel> Fields,
    uint LengthMask,
    uint LengthMatch,
    int Alignment,
    string AlignmentWith,
    EquatableArray<string> Order,
    EquatableArray<StateModel> States,
    CsrAccessModel CsrAccess,
    string Path);
