using System.Text;
using Dbt.Runtime.Linux.FileSystem;
using Dbt.Runtime.Linux.Host;
using Dbt.Runtime.Linux.Processes;
using Dbt.Runtime.Memory;

namespace Dbt.Runtime.Linux.Syscalls;

/// <summary>The guest's address space.</summary>
internal static class Mappings
{
    private const ulong PageMask = GuestMemory.PageSize - 1;

    /// <summary>mmap: (address, length, protection, flags, file, offset).</summary>
    public static long Map(GuestThread thread, in SyscallArguments a)
    {
        const ulong shared = 1, isPrivate = 2, validate = 3, typeMask = 0xf, isFixed = 0x10, anonymous = 0x20, hugePages = 0x40000, noReplace = 0x100000;
        var flags = (a.D & typeMask) switch { shared or validate => MapFlags.Shared, isPrivate => MapFlags.None, _ => (MapFlags)(-1) };
        if (flags < 0 || (a.D & hugePages) != 0 || (a.F & PageMask) != 0)
            return -Errno.EINVAL;
        if ((a.D & noReplace) != 0)
            flags |= MapFlags.FixedNoReplace;
        else if ((a.D & isFixed) != 0)
            flags |= MapFlags.Fixed;
        // Linux ignores protection bits that it does not know.
        var protection = (MemoryProtection)a.C & MemoryProtection.All;
        // As Linux does with a hint that is no page address.
        var address = (flags & (MapFlags.Fixed | MapFlags.FixedNoReplace)) != 0 ? a.A : a.A & ~PageMask;
        MemoryError error;
        ulong start;
        if ((a.D & anonymous) != 0)
        {
            error = thread.Memory.Map(address, a.B, protection, flags, out start);
        }
        else
        {
            var host = thread.Files.Host((int)a.E);
            if (host < 0)
                return -Errno.EBADF;
            error = thread.Memory.MapFile(address, a.B, protection, flags, host, a.F, Encoding.UTF8.GetString(PathResolver.PathOf(host)), out start);
        }
        return error == MemoryError.None ? (long)start : -(long)error;
    }

    /// <summary>munmap: (address, length).</summary>
    public static long Unmap(GuestThread thread, in SyscallArguments a) => -(long)thread.Memory.Unmap(a.A, a.B);

    /// <summary>mprotect: (address, length, protection).</summary>
    public static long Protect(GuestThread thread, in SyscallArguments a) => -(long)thread.Memory.Protect(a.A, a.B, (MemoryProtection)a.C);

    /// <summary>mremap: (address, old length, new length, flags, new address).</summary>
    public static long Remap(GuestThread thread, in SyscallArguments a)
    {
        const ulong known = (ulong)(RemapFlags.MayMove | RemapFlags.Fixed);
        if ((a.D & ~known) != 0)
            return -Errno.EINVAL;
        var error = thread.Memory.Remap(a.A, a.B, a.C, (RemapFlags)a.D, a.E, out var start);
        return error == MemoryError.None ? (long)start : -(long)error;
    }

    /// <summary>madvise: (address, length, advice). Hints are ignored; what changes contents is done.</summary>
    public static long Advise(GuestThread thread, in SyscallArguments a)
    {
        const int dontNeed = 4, free = 8, remove = 9, dontNeedLocked = 24;
        if ((a.A & PageMask) != 0 || a.B > thread.Memory.Size)
            return -Errno.EINVAL;
        return (int)a.C switch
        {
            dontNeed or dontNeedLocked => -(long)thread.Memory.Discard(a.A, a.B),
            free => IsMapped(thread, a.A, a.B) ? 0 : -Errno.ENOMEM,
            remove => -Errno.EINVAL,
            (>= 0 and <= 3) or (>= 10 and <= 21) => IsMapped(thread, a.A, a.B) ? 0 : -Errno.ENOMEM,
            _ => -Errno.EINVAL,
        };
    }

    /// <summary>msync: (address, length, flags).</summary>
    public static long Synchronize(GuestThread thread, in SyscallArguments a) =>
        (a.A & PageMask) != 0 ? -Errno.EINVAL
        : !IsMapped(thread, a.A, a.B) || !thread.TryBuffer(a.A, a.B, out var host) ? -Errno.ENOMEM
        : HostKernel.CallToTheEnd(SyscallNumber.msync, host, (long)a.B, (int)a.C);

    /// <summary>mlock and munlock: (address, length). Only checked: locking is a promise about speed.</summary>
    public static long Lock(GuestThread thread, in SyscallArguments a) => IsMapped(thread, a.A & ~PageMask, a.B) ? 0 : -Errno.ENOMEM;

    /// <summary>mincore: (address, length, vector).</summary>
    public static long Resident(GuestThread thread, in SyscallArguments a) =>
        (a.A & PageMask) != 0 ? -Errno.EINVAL
        : !IsMapped(thread, a.A, a.B) || !thread.TryBuffer(a.A, a.B, out var host) ? -Errno.ENOMEM
        : !thread.TryBuffer(a.C, (a.B + PageMask) / GuestMemory.PageSize, out var vector) ? -Errno.EFAULT
        : HostKernel.Call(SyscallNumber.mincore, host, (long)a.B, vector);

    /// <summary>brk: (address).</summary>
    public static long Break(GuestThread thread, in SyscallArguments a) => (long)thread.Process.Break.Move(thread.Memory, a.A);

    private static bool IsMapped(GuestThread thread, ulong address, ulong length)
    {
        if (address > thread.Memory.Size || length > thread.Memory.Size - address)
            return false;
        for (var end = address + length; address < end;)
        {
            if (thread.Memory.Find(address) is not { } mapping)
                return false;
            address = mapping.End;
        }
        return true;
    }
}
