using System.Runtime.InteropServices;

namespace Dbt.Runtime.Faults;

/// <summary>A range of host addresses whose faults belong to a guest. Its layout is known to <see cref="FaultHandler"/>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct FaultWindow
{
    public const int Size = 16;

    public ulong Start;

    /// <summary>0 when the entry is unused.</summary>
    public ulong Length;
}
