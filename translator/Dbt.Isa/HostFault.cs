using System.Runtime.InteropServices;

namespace Dbt.Isa;

/// <summary>
/// Where the host's fault handler leaves word for the thread whose access to guest memory failed.
/// One per host thread, in unmanaged memory. See runtime/Dbt.Runtime/Faults.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public struct HostFault
{
    /// <summary>Not zero while a fault has happened that nobody has taken yet; the signal's number.</summary>
    public long Signal;

    /// <summary>Host address of the access.</summary>
    public ulong Address;

    /// <summary>Host instruction that made the access.</summary>
    public ulong InstructionPointer;

    /// <summary>1 when the access was a write.</summary>
    public long IsWrite;
}
