using Dbt.Isa;

namespace Dbt.Translator.Explaining;

/// <summary>What became of one block, for people.</summary>
/// <param name="Start">Guest address of its first instruction.</param>
/// <param name="Instructions">The guest instructions, compressed forms expanded.</param>
/// <param name="GuestCode">Their bytes.</param>
/// <param name="HostAddress">Where the host's code lies, or lay.</param>
/// <param name="HostCode">The host's code; empty when its length is not known.</param>
public sealed record BlockExplanation(
    ulong Start,
    IReadOnlyList<PredecodedInstruction> Instructions,
    byte[] GuestCode,
    ulong HostAddress,
    byte[] HostCode)
{
    /// <summary>
    /// The IL, one instruction or label a line; <c>// n</c> opens the part of the n-th guest instruction (from 0). Empty for compilers without.
    /// </summary>
    public IReadOnlyList<string> Il { get; init; } = [];

    /// <summary>The host's code from its first byte to its last, stretch by stretch; empty when that is not known.</summary>
    public IReadOnlyList<CodePart> Parts { get; init; } = [];

    /// <summary>Jumps in the host's code that are patched.</summary>
    public IReadOnlyList<PatchPoint> PatchPoints { get; init; } = [];

    /// <summary>The states of its hypercall sites, those of one site in a row: the first one is how it begins.</summary>
    public IReadOnlyList<CodePatch> Patches { get; init; } = [];

    /// <summary>What numbers and registers in the host's code stand for.</summary>
    public HostNames Names { get; init; } = HostNames.None;

    /// <summary>What else its compiler has to say: why it stopped where it did, what it left out. A sentence each, with a full stop.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>Time to compile it: the shortest of a few times.</summary>
    public TimeSpan CompileTime { get; init; }
}
