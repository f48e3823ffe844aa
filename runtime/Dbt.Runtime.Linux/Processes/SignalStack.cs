using System.Runtime.InteropServices;

namespace Dbt.Runtime.Linux.Processes;

/// <summary>asm-generic stack_t: 24 bytes.</summary>
/// <param name="Pointer">Lowest address.</param>
/// <param name="Flags">SS_ flags.</param>
/// <param name="Size">Bytes.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct SignalStack(ulong Pointer, int Flags, ulong Size)
{
    /// <summary>SS_DISABLE.</summary>
    public const int Disabled = 2;

    /// <summary>No alternate stack.</summary>
    public static readonly SignalStack None = new(0, Disabled, 0);
}
