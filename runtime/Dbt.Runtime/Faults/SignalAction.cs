using System.Runtime.InteropServices;

namespace Dbt.Runtime.Faults;

/// <summary>libc's struct sigaction.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct SignalAction
{
    public const int HasSignalInfo = 4;

    public byte* Handler;
    public fixed ulong Mask[16];
    public int Flags;
    public void* Restorer;
}
