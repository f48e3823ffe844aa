using System.Runtime.InteropServices;

namespace Dbt.Isa;

/// <summary>An instruction of a predecoded block, with the guest address that it stands at. 24 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct PredecodedInstruction
{
    /// <summary>What to execute. Compressed forms are already replaced by their base form (its Length stays 2).</summary>
    public Instruction Instruction;

    /// <summary>Guest virtual address of the instruction.</summary>
    public ulong Pc;
}
