using System.Runtime.InteropServices;

namespace Dbt.Isa;

/// <summary>Emitted host code whose failed accesses are recovered from by a stub. See <see cref="HostCodeRanges"/>.</summary>
[StructLayout(LayoutKind.Sequential, Size = Size)]
public struct HostCodeRange
{
    /// <summary>Bytes of an entry.</summary>
    public const int Size = 32;

    /// <summary>Host address of the first byte, as it is executed.</summary>
    public ulong Start;

    /// <summary>Number of bytes; 0 when the entry is unused.</summary>
    public ulong Length;

    /// <summary>Host address of the stub.</summary>
    public ulong Recovery;
}
