using System.Reflection.Emit;
using Dbt.Isa;

namespace Dbt.Translator.Il.Regions;

/// <summary>A region with host code.</summary>
/// <param name="region">What was compiled.</param>
/// <param name="counts">Whether it counts instructions.</param>
/// <param name="method">Keeps the host code alive.</param>
/// <param name="code">Entry of the host code.</param>
/// <param name="links">Its direct jumps out.</param>
internal sealed unsafe class CompiledRegion(Region region, bool counts, DynamicMethod method, void* code, nint[] links)
{
    /// <summary>Guest address of the first entry.</summary>
    public ulong Start { get; } = region.Start;

    /// <summary>Whether it counts instructions.</summary>
    public bool Counts => counts;

    /// <summary>Guest addresses of its entries, by entry index.</summary>
    public ulong[] Entries { get; } = [.. region.Entries.Select(block => block.Start)];

    /// <summary>Its instructions, block by block.</summary>
    public PredecodedInstruction[] Predecoded { get; } = [.. region.Blocks.SelectMany(block => block.Instructions)];

    /// <summary>Their guest addresses.</summary>
    public IEnumerable<ulong> Instructions => Predecoded.Select(instruction => instruction.Pc);

    /// <summary>Guest instructions in it.</summary>
    public int InstructionCount => Predecoded.Length;

    /// <summary>Guest bytes that it was made of.</summary>
    public IReadOnlyList<SourceRange> Source { get; } = region.Source;

    /// <summary>Keeps the host code alive.</summary>
    public DynamicMethod Method => method;

    /// <summary>Entry of the host code.</summary>
    public void* Code => code;

    /// <summary>Addresses of its <see cref="RegionLink"/>s that lead out.</summary>
    public nint[] Links => links;

    /// <summary>Addresses of the <see cref="RegionLink"/>s by which it is entered, by entry index.</summary>
    public nint[] Ways { get; set; } = [];

    /// <summary>How long compiling took.</summary>
    public TimeSpan CompileTime { get; init; }
}
