using System.Runtime.InteropServices;

namespace Dbt.Runtime.Machine.Block;

/// <summary>struct iovec: a piece of memory for the host to fill or to write out.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct IoVector
{
    public nint Start;
    public nuint Length;
}
