using System.Runtime.InteropServices;

namespace Dbt.Isa.Systems;

/// <summary>
/// Functions for accesses that miss the software TLB. Each gives None, or why the access failed: MemoryFault or MisalignedAccess, with
/// <see cref="HartHeader.FaultAddress"/>, <see cref="HartHeader.FaultAccess"/> and <see cref="SystemHeader.IsPageFault"/> set. None throws.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct SystemCalls
{
    /// <summary>Loads so many bytes (1, 2, 4 or 8; any alignment) into <see cref="SystemHeader.Loaded"/>.</summary>
    public delegate*<HartHeader*, ulong, int, ExitReason> Load;

    /// <summary>Stores so many bytes (1, 2, 4 or 8; any alignment).</summary>
    public delegate*<HartHeader*, ulong, int, ulong, ExitReason> Store;

    /// <summary>The machine's time, which its timers count in too.</summary>
    public delegate*<HartHeader*, ulong> Time;

    /// <summary>Finds the host memory of an aligned access: atomics, and blocks. Devices have none: an access fault.</summary>
    public delegate*<HartHeader*, ulong, int, AccessKind, byte**, ExitReason> Find;

    /// <summary>Reads a system register that the machine answers; false when the hart does not have it now.</summary>
    public delegate*<HartHeader*, int, ulong*, bool> ReadRegister;

    /// <summary>Writes a system register that the machine answers; false when the hart does not have it now.</summary>
    public delegate*<HartHeader*, int, ulong, bool> WriteRegister;
}
