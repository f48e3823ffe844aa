namespace Dbt.Isa;

/// <summary>What is known of one operation, from its row in the spec.</summary>
/// <param name="Mnemonic">As the disassembler prints it, e.g. <c>addi</c>.</param>
/// <param name="Extension">Name of the extension that it belongs to.</param>
/// <param name="ExtensionIndex">Bit of that extension.</param>
/// <param name="Mask">Encoding bits that are fixed.</param>
/// <param name="Match">Values of the fixed bits.</param>
/// <param name="Length">Length in bytes.</param>
/// <param name="Operands">Its operand fields.</param>
/// <param name="Traits">What it can do.</param>
/// <param name="Semantics">The semantics column, for people.</param>
/// <param name="Source">Spec file and line, e.g. <c>riscv/m.isa:14</c>.</param>
public sealed record OperationInfo(
    string Mnemonic,
    string Extension,
    int ExtensionIndex,
    uint Mask,
    uint Match,
    int Length,
    IReadOnlyList<OperandInfo> Operands,
    OperationTraits Traits,
    string Semantics,
    string Source);
