using System.Runtime.InteropServices;

namespace Dbt.Translator.Baseline;

/// <summary>A host instruction that accesses guest memory, or polls (<see cref="PollPage"/>).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FaultSite
{
    /// <summary>Its address.</summary>
    public ulong Address;

    /// <summary>Number of its guest instruction in the block, of which nothing has happened; or <see cref="Jumped"/>.</summary>
    public int Instruction;

    /// <summary>Behind the mask of what is pending in <see cref="FaultSites"/>; 0 when nothing is.</summary>
    public int Pending;

    /// <summary>The poll of a jump that has happened: rax is where it leads.</summary>
    public const int Jumped = -1;
}
