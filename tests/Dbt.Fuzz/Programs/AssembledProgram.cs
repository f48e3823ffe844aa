using Dbt.Isa;

namespace Dbt.Fuzz.Programs;

/// <summary>A program at an address. What is behind its last instruction is not part of it.</summary>
/// <param name="Program">What was assembled: without the branches that do not reach their targets.</param>
/// <param name="Address">Where it begins.</param>
/// <param name="Code">Its bytes.</param>
/// <param name="Instructions">Its instructions, as encoded.</param>
/// <param name="Addresses">Where each of them lies, and the address behind the last one.</param>
internal sealed record AssembledProgram(
    GuestProgram Program, ulong Address, byte[] Code, IReadOnlyList<Instruction> Instructions, ulong[] Addresses)
{
    /// <summary>The address behind the last instruction.</summary>
    public ulong End => Addresses[^1];
}
