namespace Dbt.Translator.HostCode.X64;

/// <summary>
/// A place in the code of one <see cref="X64Assembler"/> that jumps go to, known yet or not. Jumps that wait for it are chained
/// through their own displacement bytes, so a label needs no memory. <c>default</c> is a new label; pass it by reference.
/// </summary>
internal struct X64Label
{
    // Offsets from the start of the code, plus 1; 0 when there is none.
    internal int Bound;
    internal int LastJump;
    internal int LastShortJump;

    /// <summary>Whether its place is known.</summary>
    public readonly bool IsBound => Bound != 0;
}
