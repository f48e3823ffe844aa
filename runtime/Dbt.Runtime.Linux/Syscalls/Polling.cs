using System.Buffers;
using System.Runtime.InteropServices;
using Dbt.Runtime.Linux.Host;
using Dbt.Runtime.Linux.Processes;

namespace Dbt.Runtime.Linux.Syscalls;

/// <summary>Waiting for files. The signal masks that these calls may set meanwhile have no effect until signals are delivered.</summary>
internal static unsafe class Polling
{
    private const short In = 1, Priority = 2, Out = 4, Error = 8, HangUp = 16, Invalid = 32;
    private const short ReadSet = In | 0x40 | 0x80 | HangUp | Error, WriteSet = Out | 0x100 | 0x200 | Error, ExceptSet = Priority;

    /// <summary>ppoll: (pollfd*, count, timespec* or null, mask*, mask size).</summary>
    public static long Poll(GuestThread thread, in SyscallArguments a)
    {
        if (a.B > (ulong)thread.Files.Limit)
            return -Errno.EINVAL;
        var timeout = default(Timespec);
        if (a.C != 0 && !thread.Memory.TryRead(a.C, out timeout))
            return -Errno.EFAULT;
        if (!timeout.IsValid)
            return -Errno.EINVAL;
        var count = (int)a.B;
        var entries = ArrayPool<PollEntry>.Shared.Rent(count);
        try
        {
            var used = entries.AsSpan(0, count);
            if (!thread.Memory.TryRead(a.A, MemoryMarshal.AsBytes(used)))
                return -Errno.EFAULT;
            var result = Wait(thread, used, a.C != 0 ? &timeout : null);
            if (result < 0)
                return result;
            if (!thread.Memory.TryWrite(a.A, MemoryMarshal.AsBytes(used)) || a.C != 0 && !thread.Memory.TryWrite(a.C, timeout))
                return -Errno.EFAULT;
            return result;
        }
        finally
        {
            ArrayPool<PollEntry>.Shared.Return(entries);
        }
    }

    /// <summary>pselect6: (count, read set*, write set*, except set*, timespec* or null, mask*).</summary>
    public static long Select(GuestThread thread, in SyscallArguments a)
    {
        if ((int)a.A < 0)
            return -Errno.EINVAL;
        var timeout = default(Timespec);
        if (a.E != 0 && !thread.Memory.TryRead(a.E, out timeout))
            return -Errno.EFAULT;
        if (!timeout.IsValid)
            return -Errno.EINVAL;
        var count = Math.Min((int)a.A, thread.Files.Limit);
        var words = (count + 63) / 64;
        ulong[]?[] sets = new ulong[]?[3];
        for (var i = 0; i < 3; i++)
            if (a[i + 1] != 0 && !thread.Memory.TryRead(a[i + 1], MemoryMarshal.AsBytes((sets[i] = new ulong[words]).AsSpan())))
                return -Errno.EFAULT;
        var entries = new List<PollEntry>();
        for (var file = 0; file < count; file++)
        {
            var events = (Has(sets[0], file) ? ReadSet : 0) | (Has(sets[1], file) ? WriteSet : 0) | (Has(sets[2], file) ? ExceptSet : 0);
            if (events == 0)
                continue;
            if (thread.Files.Host(file) < 0)
                return -Errno.EBADF;
            entries.Add(new PollEntry { File = file, Events = (short)events });
        }
        var result = Wait(thread, CollectionsMarshal.AsSpan(entries), a.E != 0 ? &timeout : null);
        if (result < 0)
            return result;
        var total = 0;
        for (var i = 0; i < 3; i++)
            total += Answer(sets[i], entries, i switch { 0 => ReadSet, 1 => WriteSet, _ => ExceptSet });
        for (var i = 0; i < 3; i++)
            if (sets[i] is { } set && !thread.Memory.TryWrite(a[i + 1], MemoryMarshal.AsBytes(set.AsSpan())))
                return -Errno.EFAULT;
        return a.E != 0 && !thread.Memory.TryWrite(a.E, timeout) ? -Errno.EFAULT : total;
    }

    /// <summary>epoll_ctl: (epoll, operation, file, event*).</summary>
    public static long EpollControl(GuestThread thread, in SyscallArguments a)
    {
        const ulong delete = 2;
        var file = thread.Files.Host((int)a.C);
        if (file < 0)
            return -Errno.EBADF;
        var entry = default(GuestEpollEvent);
        if (a.B != delete && !thread.Memory.TryRead(a.D, out entry))
            return -Errno.EFAULT;
        var host = HostEpollEvent.From(entry);
        return thread.CallWithFile(SyscallNumber.epoll_ctl, a.A, (long)a.B, file, (long)host.Bytes);
    }

    /// <summary>epoll_pwait: (epoll, events*, count, milliseconds, mask*, mask size).</summary>
    public static long EpollWait(GuestThread thread, in SyscallArguments a)
    {
        // What the kernel allows is INT_MAX / sizeof; nobody handles more than this at a time, and fewer is always a right answer.
        const int most = 1024;
        var count = Math.Min((int)a.C, most);
        if (count <= 0)
            return -Errno.EINVAL;
        var size = HostEpollEvent.Size;
        var buffer = stackalloc byte[count * size];
        var result = thread.CallWithFile(SyscallNumber.epoll_pwait, a.A, (long)buffer, count, (int)a.D);
        for (var i = 0; i < result; i++)
            if (!thread.Memory.TryWrite(a.B + (ulong)(i * sizeof(GuestEpollEvent)), HostEpollEvent.ToGuest(buffer + i * size)))
                return -Errno.EFAULT;
        return result;
    }

    // poll on the host with the guest's descriptors replaced; the timeout becomes what is left of it.
    private static long Wait(GuestThread thread, Span<PollEntry> entries, Timespec* timeout)
    {
        var host = new PollEntry[entries.Length];
        var invalid = 0;
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i].Result = 0;
            host[i] = entries[i];
            host[i].File = entries[i].File < 0 ? -1 : thread.Files.Host(entries[i].File);
            if (host[i].File >= 0 || entries[i].File < 0)
                continue;
            entries[i].Result = Invalid;
            invalid++;
        }
        var none = default(Timespec);
        if (invalid > 0)
            timeout = &none;
        long result;
        fixed (PollEntry* pointer = host)
            result = HostKernel.CallToTheEnd(SyscallNumber.ppoll, (long)pointer, host.Length, (long)timeout);
        if (result < 0)
            return result;
        for (var i = 0; i < entries.Length; i++)
            entries[i].Result |= host[i].Result;
        return result + invalid;
    }

    private static bool Has(ulong[]? set, int file) => set is not null && (set[file / 64] >> file % 64 & 1) != 0;

    // Leaves in a set only the files that are ready, and counts them.
    private static int Answer(ulong[]? set, List<PollEntry> entries, short events)
    {
        if (set is null)
            return 0;
        var count = 0;
        foreach (var entry in entries)
        {
            if (!Has(set, entry.File))
                continue;
            if ((entry.Result & events) != 0)
                count++;
            else
                set[entry.File / 64] &= ~(1UL << entry.File % 64);
        }
        return count;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        public int File;
        public short Events;
        public short Result;
    }
}
