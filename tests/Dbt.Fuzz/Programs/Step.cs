using Dbt.Isa;

namespace Dbt.Fuzz.Programs;

/// <summary>An instruction of a program before it has an address.</summary>
/// <param name="instruction">What it is; the immediate is filled in when it has a <see cref="Target"/>.</param>
/// <param name="group">Steps of a group are meaningless without each other, and are dropped together.</param>
internal sealed class Step(Instruction instruction, int group)
{
    public Instruction Instruction { get; } = instruction;

    public int Group { get; } = group;

    /// <summary>Index of the step that it leads to, the number of steps for the end; -1 when its immediate is final.</summary>
    public int Target { get; set; } = -1;

    /// <summary>Which part of the distance to the target is the immediate.</summary>
    public Distance Distance { get; init; }

    /// <summary>What is added to the distance.</summary>
    public long Addend { get; init; }
}
