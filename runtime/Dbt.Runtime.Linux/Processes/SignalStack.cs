using System.Runtime.InteropServices;

namespace Dbt.Runtime.Linux.Processes;

/// <summary>asm-generic stack_t: 24 bytes.</summary>
/// <param name="Pointer">Lowest address.</param>
/// <param name="Flags">SS_ flags.</param>
/// <param name="Size">Bytes.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct SignalStack(ulong Pointer, int Flags, ulong Size)
{
    /// <summary>SS_ONSTACK: the thread is on it now.</summary>
    public const int InUse = 1;

    /// <summary>SS_DISABLE.</summary>
    public const int Disabled = 2;

    /// <summary>SS_AUTODISARM: disabled while a handler runs on it.</summary>
    public const int AutoDisarm = 1 << 31;

    /// <summary>MINSIGSTKSZ of asm-generic: Linux accepts no smaller one.</summary>
    public const ulong MinimumSize = 2048;

    /// <summary>No alternate stack.</summary>
    public static readonly SignalStack None = new(0, Disabled, 0);

    /// <summary>First address behind it.</summary>
    public ulong End => Pointer + Size;

    /// <summary>Whether a thread with this stack pointer is on it. Of one that disarms itself nobody can tell: it may have moved on.</summary>
    public bool Contains(ulong stackPointer) => (Flags & AutoDisarm) == 0 && stackPointer > Pointer && stackPointer - Pointer <= Size;
}
