namespace Dbt.Translator.Explaining;

/// <summary>What an instruction in a block's host code is replaced with while it is executed: a hypercall site in one of its states.</summary>
/// <param name="Offset">Where it lies, in bytes from the block's first.</param>
/// <param name="Instruction">Number of the guest instruction in the block that it belongs to, from 0.</param>
/// <param name="State">What the site does then, in a few words.</param>
/// <param name="Code">The host's code: as long as what it replaces.</param>
public sealed record CodePatch(int Offset, int Instruction, string State, byte[] Code);
