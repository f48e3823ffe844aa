using System.Runtime.InteropServices;

namespace Dbt.Runtime.Memory;

/// <summary>The host's struct iovec.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct IoVector
{
    public byte* Base;
    public nuint Length;
}
