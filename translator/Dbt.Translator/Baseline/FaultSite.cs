using System.Runtime.InteropServices;

namespace Dbt.Translator.Baseline;

/// <summary>A host instruction that accesses guest memory.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FaultSite
{
    /// <summary>Its address.</summary>
    public ulong Address;

    /// <summary>Number of its guest instruction in the block.</summary>
    public int Instruction;

    /// <summary>Behind the mask of what is pending in <see cref="FaultSites"/>; 0 when nothing is.</summary>
    public int Pending;
}
