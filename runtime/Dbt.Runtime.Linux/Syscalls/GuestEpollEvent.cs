using System.Runtime.InteropServices;

namespace Dbt.Runtime.Linux.Syscalls;

/// <summary>struct epoll_event where it is not packed, that is everywhere but on x86-64: 16 bytes.</summary>
/// <param name="Events">EPOLL bits.</param>
/// <param name="Data">The guest's own, given back as it is.</param>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct GuestEpollEvent(uint Events, ulong Data);
