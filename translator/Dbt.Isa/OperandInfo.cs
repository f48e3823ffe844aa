namespace Dbt.Isa;

/// <summary>One operand field of an operation; enough to build random valid instructions.</summary>
/// <param name="Field">Name of the field in the spec.</param>
/// <param name="Slot">Where it lies in an <see cref="Instruction"/>.</param>
/// <param name="Kind">The field's kind as the spec names it: a register file (<c>x</c>, <c>f</c>), <c>signed</c>, <c>unsigned</c>, <c>csr</c>, <c>rm</c>, ...</param>
/// <param name="Minimum">Smallest value that may be encoded.</param>
/// <param name="Maximum">Largest value that may be encoded.</param>
/// <param name="Step">Values are multiples of this.</param>
/// <param name="Excluded">Values in the range that are not allowed.</param>
public sealed record OperandInfo(
    string Field,
    OperandSlot Slot,
    string Kind,
    long Minimum,
    long Maximum,
    long Step,
    IReadOnlyList<long> Excluded);
