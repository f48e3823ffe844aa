using Dbt.Isa;

namespace Dbt.Translator.Il.Blocks;

/// <summary>What became of one block, for people.</summary>
/// <param name="Start">Guest address of its first instruction.</param>
/// <param name="Instructions">The guest instructions, compressed forms expanded.</param>
/// <param name="GuestCode">Their bytes.</param>
/// <param name="Il">The IL, one instruction or label a line; <c>// n</c> opens the part of the n-th guest instruction (from 0).</param>
/// <param name="HostAddress">Where the host's code lies, or lay.</param>
/// <param name="HostCode">The host's code; empty when its length is not known.</param>
public sealed record BlockExplanation(
    ulong Start,
    IReadOnlyList<PredecodedInstruction> Instructions,
    byte[] GuestCode,
    IReadOnlyList<string> Il,
    ulong HostAddress,
    byte[] HostCode);
