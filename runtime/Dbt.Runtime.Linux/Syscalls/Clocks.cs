using Dbt.Runtime.Linux.Host;
using Dbt.Runtime.Linux.Processes;

namespace Dbt.Runtime.Linux.Syscalls;

/// <summary>Time of day, clocks and sleeping. The guest's clocks are the host's.</summary>
internal static unsafe class Clocks
{
    private const int Monotonic = 1;
    private const ulong TimespecSize = 16;

    /// <summary>clock_gettime and clock_getres: (clock, timespec*).</summary>
    public static long Read(GuestThread thread, SyscallNumber number, in SyscallArguments a) =>
        thread.TryOptionalBuffer(a.B, TimespecSize, out var buffer) ? HostKernel.Call(number, (int)a.A, buffer) : -Errno.EFAULT;

    /// <summary>gettimeofday: (timeval* or null, timezone* or null).</summary>
    public static long TimeOfDay(GuestThread thread, in SyscallArguments a) =>
        thread.TryOptionalBuffer(a.A, 16, out var time) && thread.TryOptionalBuffer(a.B, 8, out var zone)
            ? HostKernel.Call(SyscallNumber.gettimeofday, time, zone)
            : -Errno.EFAULT;

    /// <summary>nanosleep: (request*, remaining*). Nothing interrupts a sleep yet, so nothing remains.</summary>
    public static long Sleep(GuestThread thread, in SyscallArguments a) => Sleep(thread, Monotonic, flags: 0, a.A);

    /// <summary>clock_nanosleep: (clock, flags, request*, remaining*).</summary>
    public static long SleepOn(GuestThread thread, in SyscallArguments a) => Sleep(thread, (int)a.A, (int)a.B, a.C);

    /// <summary>times: (tms* or null).</summary>
    public static long ProcessTimes(GuestThread thread, in SyscallArguments a) =>
        thread.TryOptionalBuffer(a.A, 32, out var buffer) ? HostKernel.Call(SyscallNumber.times, buffer) : -Errno.EFAULT;

    /// <summary>getitimer: (which, itimerval*): never armed, since no signal could be delivered.</summary>
    public static long GetTimer(GuestThread thread, in SyscallArguments a) =>
        a.A > 2 ? -Errno.EINVAL : thread.Store(a.B, default(Timers));

    /// <summary>setitimer: (which, new*, old*). Disarming works; arming one is not implemented.</summary>
    public static long SetTimer(GuestThread thread, in SyscallArguments a)
    {
        if (a.A > 2)
            return -Errno.EINVAL;
        var timers = default(Timers);
        if (a.B != 0 && !thread.Memory.TryRead(a.B, out timers))
            return -Errno.EFAULT;
        if (timers.Value != default)
            return -Errno.ENOSYS;
        return a.C == 0 ? 0 : thread.Store(a.C, default(Timers));
    }

    private static long Sleep(GuestThread thread, int clock, int flags, ulong request)
    {
        if (!thread.Memory.TryRead(request, out Timespec time))
            return -Errno.EFAULT;
        if (!time.IsValid)
            return -Errno.EINVAL;
        // The host writes what remains of a relative sleep into the request itself, so that the next round takes up there.
        return HostKernel.CallToTheEnd(SyscallNumber.clock_nanosleep, clock, flags, (long)&time, (long)&time);
    }

    // struct itimerval; its members are struct timeval, which has the shape of a timespec.
    private readonly record struct Timers(Timespec Interval, Timespec Value);
}
