using Dbt.Runtime.Linux.FileSystem;
using Dbt.Runtime.Linux.Host;
using Dbt.Runtime.Linux.Processes;

namespace Dbt.Runtime.Linux.Syscalls;

/// <summary>Making, duplicating and closing file descriptors.</summary>
internal static unsafe class Descriptors
{
    // Commands of fcntl: asm-generic numbers, which x86-64 shares.
    private const int DuplicateFile = 0, GetDescriptorFlags = 1, SetDescriptorFlags = 2, GetStatusFlags = 3, SetStatusFlags = 4;
    private const int GetLock = 5, SetLock = 6, SetLockAndWait = 7, SetOwner = 8, GetOwner = 9;
    private const int GetOpenLock = 36, SetOpenLock = 37, SetOpenLockAndWait = 38;
    private const int DuplicateCloseOnExec = 1030, SetPipeSize = 1031, GetPipeSize = 1032, AddSeals = 1033, GetSeals = 1034;
    private const int FlockSize = 32;

    /// <summary>openat: (directory, path, flags, mode).</summary>
    public static long OpenAt(GuestThread thread, in SyscallArguments a)
    {
        var flags = (int)a.C;
        var error = thread.ReadPath(a.B, out var text);
        if (error != 0)
            return error;
        var closeOnExec = (flags & OpenFlags.CloseOnExec) != 0;
        if (ProcFiles.TryOpen(thread, text, out var contents))
            return thread.Files.Add(contents, closeOnExec);
        const int createNew = OpenFlags.Create | OpenFlags.Exclusive;
        var follow = (flags & OpenFlags.NoFollow) == 0 && (flags & createNew) != createNew;
        error = thread.Process.Paths.Resolve((int)a.A, text, follow, out var path);
        if (error != 0)
            return error;
        var host = HostKernel.Open(path.Directory, path.Path, flags, (uint)a.D);
        if (host < 0 || !ProcFiles.IsMemoryOfRuntime((int)host))
            return thread.Files.Add(host, closeOnExec);
        _ = HostKernel.Close((int)host);
        return -Errno.EACCES;
    }

    /// <summary>close_range: (first, last, flags).</summary>
    public static long CloseRange(GuestThread thread, in SyscallArguments a)
    {
        const ulong unshare = 2, closeOnExec = 4;
        uint first = (uint)a.A, last = (uint)a.B;
        if (first > last || (a.C & ~(unshare | closeOnExec)) != 0)
            return -Errno.EINVAL;
        foreach (var file in thread.Files.Open())
            if ((uint)file >= first && (uint)file <= last)
                _ = (a.C & closeOnExec) != 0 ? thread.Files.SetCloseOnExec(file, true) : thread.Files.Close(file) == 0;
        return 0;
    }

    /// <summary>dup3: (old, new, flags).</summary>
    public static long Dup3(GuestThread thread, in SyscallArguments a) =>
        (int)a.A == (int)a.B || (a.C & ~(ulong)OpenFlags.CloseOnExec) != 0 ? -Errno.EINVAL
        : (int)a.B < 0 ? -Errno.EBADF
        : thread.Files.Duplicate((int)a.A, a.C != 0, target: (int)a.B);

    /// <summary>pipe2: (ends*, flags).</summary>
    public static long Pipe2(GuestThread thread, in SyscallArguments a)
    {
        var host = stackalloc int[2];
        var result = HostKernel.Call(SyscallNumber.pipe2, (long)host, (long)a.B | OpenFlags.CloseOnExec);
        if (result < 0)
            return result;
        var closeOnExec = (a.B & OpenFlags.CloseOnExec) != 0;
        var reader = thread.Files.Add(host[0], closeOnExec);
        var writer = thread.Files.Add(host[1], closeOnExec);
        if (reader >= 0 && writer >= 0 && thread.Memory.TryWrite(a.A, new Pair((int)reader, (int)writer)))
            return 0;
        _ = thread.Files.Close((int)reader);
        _ = thread.Files.Close((int)writer);
        return reader < 0 ? reader : writer < 0 ? writer : -Errno.EFAULT;
    }

    /// <summary>Calls that make a descriptor from numbers alone: eventfd2, epoll_create1, inotify_init1, timerfd_create.</summary>
    /// <param name="thread">The caller.</param>
    /// <param name="number">The call.</param>
    /// <param name="a">Its first argument.</param>
    /// <param name="b">Its second argument.</param>
    /// <param name="flags">Whichever of them holds the flags; EFD_CLOEXEC and its relatives all equal O_CLOEXEC.</param>
    public static long Create(GuestThread thread, SyscallNumber number, ulong a, ulong b, ulong flags) =>
        thread.Files.Add(HostKernel.Call(number, (long)a, (long)b), (flags & OpenFlags.CloseOnExec) != 0);

    /// <summary>memfd_create: (name, flags).</summary>
    public static long MemoryFile(GuestThread thread, in SyscallArguments a)
    {
        const ulong closeOnExec = 1;
        // The kernel's limit on names, with the NUL: 250.
        if (!thread.Memory.TryReadCString(a.A, 250, out var name))
            return -Errno.EFAULT;
        if (name.Length == 250)
            return -Errno.EINVAL;
        fixed (byte* text = PathResolver.Terminated(name))
            return thread.Files.Add(HostKernel.Call(SyscallNumber.memfd_create, (long)text, (long)(a.B | closeOnExec)), (a.B & closeOnExec) != 0);
    }

    /// <summary>fcntl: (file, command, argument).</summary>
    public static long Control(GuestThread thread, in SyscallArguments a)
    {
        var file = (int)a.A;
        if (thread.Files.Host(file) < 0)
            return -Errno.EBADF;
        switch ((int)a.B)
        {
            case DuplicateFile or DuplicateCloseOnExec:
                return (long)a.C < 0 || (long)a.C >= thread.Files.Limit
                    ? -Errno.EINVAL
                    : thread.Files.Duplicate(file, (int)a.B == DuplicateCloseOnExec, lowest: (int)a.C);
            case GetDescriptorFlags:
                return thread.Files.IsCloseOnExec(file) ? 1 : 0;
            case SetDescriptorFlags:
                return thread.Files.SetCloseOnExec(file, (a.C & 1) != 0) ? 0 : -Errno.EBADF;
            case GetLock or SetLock or SetLockAndWait or GetOpenLock or SetOpenLock or SetOpenLockAndWait:
                return thread.TryBuffer(a.C, FlockSize, out var flock)
                    ? thread.CallWithFile(SyscallNumber.fcntl, a.A, (long)a.B, flock)
                    : -Errno.EFAULT;
            case GetStatusFlags or SetStatusFlags or SetOwner or GetOwner or SetPipeSize or GetPipeSize or AddSeals or GetSeals:
                return thread.CallWithFile(SyscallNumber.fcntl, a.A, (long)a.B, (long)a.C);
            default:
                return -Errno.EINVAL;
        }
    }

    private readonly record struct Pair(int First, int Second);
}
