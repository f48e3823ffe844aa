using System.Runtime.InteropServices;

namespace Dbt.Runtime.Linux.Syscalls;

/// <summary>struct __kernel_timespec: 16 bytes on every 64-bit architecture.</summary>
/// <param name="Seconds">Whole seconds.</param>
/// <param name="Nanoseconds">The rest, 0 to 999,999,999.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct Timespec(long Seconds, long Nanoseconds)
{
    /// <summary>Whether the kernel accepts it as a length of time.</summary>
    public bool IsValid => Seconds >= 0 && Nanoseconds is >= 0 and < 1_000_000_000;
}
