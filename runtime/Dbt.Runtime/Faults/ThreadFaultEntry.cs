using System.Runtime.InteropServices;
using Dbt.Isa;

namespace Dbt.Runtime.Faults;

/// <summary>A slot of the table in which the handler finds the fault cell of its thread. Its layout is known to <see cref="FaultHandler"/>.</summary>
[StructLayout(LayoutKind.Explicit, Size = Size)]
internal struct ThreadFaultEntry
{
    public const int SizeShift = 6;
    public const int Size = 1 << SizeShift;

    /// <summary>In <see cref="ThreadPointer"/>: never used, ends a search.</summary>
    public const ulong Unused = 0;

    /// <summary>In <see cref="ThreadPointer"/>: was used, may be used again, does not end a search.</summary>
    public const ulong Deleted = 1;

    /// <summary>Whose it is.</summary>
    [FieldOffset(0)]
    public ulong ThreadPointer;

    /// <summary>What the handler writes.</summary>
    [FieldOffset(8)]
    public HostFault Fault;

    /// <summary>Scopes of this thread that are open.</summary>
    [FieldOffset(40)]
    public int Depth;
}
