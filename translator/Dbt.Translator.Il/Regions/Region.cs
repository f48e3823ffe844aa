using Dbt.Translator.Il.Trees.Nodes;

namespace Dbt.Translator.Il.Regions;

/// <summary>A hot piece of guest code: basic blocks that lead to one another by direct jumps, with some of them as entries.</summary>
/// <param name="blocks">The blocks in the order of emission.</param>
/// <param name="entries">Blocks that are entered from outside, by entry index; the first is what was asked for.</param>
/// <param name="registers">The registers that its code names.</param>
/// <param name="source">Guest bytes that were decoded.</param>
/// <param name="localCount">Indexes of <see cref="LocalNode"/>s are below it.</param>
internal sealed class Region(
    IReadOnlyList<RegionBlock> blocks, IReadOnlyList<RegionBlock> entries, RegionRegisters registers, IReadOnlyList<SourceRange> source, int localCount)
{
    /// <summary>Guest address of the first entry.</summary>
    public ulong Start => entries[0].Start;

    /// <summary>The blocks in the order of emission.</summary>
    public IReadOnlyList<RegionBlock> Blocks => blocks;

    /// <summary>Blocks that are entered from outside, by entry index.</summary>
    public IReadOnlyList<RegionBlock> Entries => entries;

    /// <summary>The registers that its code names.</summary>
    public RegionRegisters Registers => registers;

    /// <summary>Guest bytes that were decoded.</summary>
    public IReadOnlyList<SourceRange> Source => source;

    /// <summary>Indexes of locals are below it.</summary>
    public int LocalCount => localCount;

    /// <summary>Guest instructions in it, and so the most that are executed between two places where the budget is asked.</summary>
    public int InstructionCount { get; } = blocks.Sum(block => block.Instructions.Length);
}
