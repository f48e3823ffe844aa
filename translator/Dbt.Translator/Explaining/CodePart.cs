namespace Dbt.Translator.Explaining;

/// <summary>A stretch of a block's host code.</summary>
/// <param name="Kind">What it is for.</param>
/// <param name="Instruction">Number of the guest instruction in the block that it belongs to, from 0; -1 when it belongs to none.</param>
/// <param name="Offset">Where it begins, in bytes from the block's first.</param>
/// <param name="Length">Bytes; 0 where an instruction needed none, as its result is a constant that waits to be used.</param>
public readonly record struct CodePart(CodePartKind Kind, int Instruction, int Offset, int Length)
{
    /// <summary>Whether it lies behind the block, where execution seldom comes.</summary>
    public bool IsCold => Kind >= CodePartKind.OutOfBudget;
}
