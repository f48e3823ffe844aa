using Dbt.Runtime.Linux.Host;
using Dbt.Runtime.Linux.Processes;

namespace Dbt.Runtime.Linux.Syscalls;

/// <summary>Ending, limits, and what libc registers for threads.</summary>
internal static class Lifetime
{
    private const int RobustListSize = 24;

    /// <summary>exit and exit_group: (code). There is one thread yet, so both end the process.</summary>
    public static long Exit(GuestThread thread, in SyscallArguments a)
    {
        thread.Process.Finish(ProcessEnd.ByExit((int)a.A));
        return 0;
    }

    /// <summary>set_tid_address: (address).</summary>
    public static long SetClearOnExit(GuestThread thread, in SyscallArguments a)
    {
        thread.ClearOnExit = a.A;
        return thread.Id;
    }

    /// <summary>set_robust_list: (head*, length).</summary>
    public static long SetRobustList(GuestThread thread, in SyscallArguments a)
    {
        if (a.B != RobustListSize)
            return -Errno.EINVAL;
        thread.RobustList = (a.A, a.B);
        return 0;
    }

    /// <summary>get_robust_list: (thread, head**, length*).</summary>
    public static long GetRobustList(GuestThread thread, in SyscallArguments a) =>
        (int)a.A != 0 && (int)a.A != thread.Id ? -Errno.ESRCH
        : thread.Memory.TryWrite(a.B, thread.RobustList.Head) && thread.Memory.TryWrite(a.C, (ulong)RobustListSize) ? 0
        : -Errno.EFAULT;

    /// <summary>prlimit64: (process, resource, new* or null, old* or null).</summary>
    public static long Limits(GuestThread thread, in SyscallArguments a)
    {
        if ((int)a.A != 0 && (int)a.A != Environment.ProcessId)
            return -Errno.ESRCH;
        return Limits(thread, (int)a.B, a.C, a.D);
    }

    /// <summary>getrlimit, setrlimit and prlimit64 of the caller itself.</summary>
    /// <param name="thread">The caller.</param>
    /// <param name="resource">RLIMIT_ number.</param>
    /// <param name="newAddress">Where the new limits stand; 0 to leave them.</param>
    /// <param name="oldAddress">Where the old ones go; 0 for nowhere.</param>
    public static long Limits(GuestThread thread, int resource, ulong newAddress, ulong oldAddress)
    {
        if ((uint)resource >= ResourceLimits.Count)
            return -Errno.EINVAL;
        var (soft, hard) = thread.Process.Limits[resource];
        var wanted = new Limit(soft, hard);
        if (newAddress != 0 && !thread.Memory.TryRead(newAddress, out wanted))
            return -Errno.EFAULT;
        if (wanted.Soft > wanted.Hard)
            return -Errno.EINVAL;
        if (wanted.Hard > hard)
            return -Errno.EPERM;
        if (oldAddress != 0 && !thread.Memory.TryWrite(oldAddress, new Limit(soft, hard)))
            return -Errno.EFAULT;
        thread.Process.Limits[resource] = (wanted.Soft, wanted.Hard);
        if (resource == ResourceLimits.OpenFiles)
            thread.Files.Limit = (int)Math.Min(wanted.Soft, 1 << 20);
        return 0;
    }

    /// <summary>futex: (word*, operation, value, timespec* or value 2, second word*, value 3). The word is the host's too.</summary>
    public static long Futex(GuestThread thread, in SyscallArguments a)
    {
        const int wait = 0, requeue = 3, compareRequeue = 4, wakeOperation = 5, waitBitset = 9, commandMask = 0x7f;
        if (!thread.TryBuffer(a.A, sizeof(int), out var word))
            return -Errno.EFAULT;
        var command = (int)a.B & commandMask;
        long fourth = (long)a.D, second = 0;
        switch (command)
        {
            // Operations that could hang a guest of one thread for another reason than its own (priority inheritance) are left out.
            case > wakeOperation and not (waitBitset or 10):
                return -Errno.ENOSYS;
            case wait or waitBitset:
                if (!thread.TryOptionalBuffer(a.D, 16, out fourth))
                    return -Errno.EFAULT;
                break;
            case requeue or compareRequeue or wakeOperation:
                if (!thread.TryBuffer(a.E, sizeof(int), out second))
                    return -Errno.EFAULT;
                break;
        }
        // A wait that is broken off looks to the guest like a spurious wakeup, which it has to expect anyway.
        return HostKernel.Call(SyscallNumber.futex, word, (int)a.B, (int)a.C, fourth, second, (int)a.F);
    }

    private readonly record struct Limit(ulong Soft, ulong Hard);
}
