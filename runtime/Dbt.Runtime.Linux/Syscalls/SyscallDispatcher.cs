using Dbt.Runtime.Linux.Host;
using Dbt.Runtime.Linux.Processes;
using static Dbt.Runtime.Linux.Syscalls.SyscallNumber;

namespace Dbt.Runtime.Linux.Syscalls;

/// <summary>
/// The table of system calls. A switch rather than an array of delegates: it costs nothing at start-up, and a call that a
/// program never makes is never resolved.
/// </summary>
internal static class SyscallDispatcher
{
    /// <summary>Makes a call and returns what the guest gets: a result or a negative error. ENOSYS for what is unknown.</summary>
    public static long Dispatch(GuestThread t, int number, in SyscallArguments a)
    {
        var n = (SyscallNumber)number;
        switch (n)
        {
            // Files: bytes in and out
            case read or write or pread64 or pwrite64: return Transfers.Plain(t, n, a);
            case readv or writev or preadv or pwritev or preadv2 or pwritev2: return Transfers.Vectored(t, n, a);
            case sendfile: return Transfers.SendFile(t, a);
            case copy_file_range or splice: return Transfers.Between(t, n, a);

            // Files: descriptors
            case openat: return Descriptors.OpenAt(t, a);
            case close: return t.Files.Close((int)a.A);
            case close_range: return Descriptors.CloseRange(t, a);
            case dup: return t.Files.Duplicate((int)a.A, closeOnExec: false);
            case dup3: return Descriptors.Dup3(t, a);
            case pipe2: return Descriptors.Pipe2(t, a);
            case fcntl: return Descriptors.Control(t, a);
            case memfd_create: return Descriptors.MemoryFile(t, a);
            case eventfd2 or timerfd_create: return Descriptors.Create(t, n, a.A, a.B, a.B);
            case epoll_create1 or inotify_init1: return Descriptors.Create(t, n, a.A, 0, a.A);
            case ioctl: return DeviceControl.Control(t, a);
            case lseek or fallocate or ftruncate or fsync or fdatasync or syncfs or flock or fadvise64 or readahead or sync_file_range or fchmod or fchown:
                return t.CallWithFile(n, a.A, (long)a.B, (long)a.C, (long)a.D);
            case sync: return HostKernel.Call(n);

            // Files: what is known of them
            case fstat: return FileStatus.FStat(t, a);
            case newfstatat: return FileStatus.FStatAt(t, a);
            case statx: return FileStatus.Statx(t, a);
            case statfs: return FileStatus.StatFs(t, a);
            case fstatfs: return FileStatus.FStatFs(t, a);
            case readlinkat: return FileStatus.ReadLinkAt(t, a);
            case faccessat or faccessat2: return FileStatus.AccessAt(t, n, a);
            case truncate: return FileStatus.Truncate(t, a);
            case fchmodat: return t.CallWithPath(n, a.A, a.B, follow: true, (uint)a.C);
            case fchownat: return FileStatus.ChangeOwnerAt(t, a);
            case utimensat: return FileStatus.SetTimes(t, a);
            case umask: return HostKernel.Call(n, (long)a.A);
            case setxattr or lsetxattr or fsetxattr or getxattr or lgetxattr or fgetxattr or listxattr or llistxattr or flistxattr
                or removexattr or lremovexattr or fremovexattr:
                return FileStatus.Attributes(t, n, a);

            // Directories
            case getdents64: return Directories.List(t, a);
            case getcwd: return Directories.Current(t, a);
            case chdir: return Directories.Change(t, a);
            case fchdir: return t.CallWithFile(n, a.A);
            case mkdirat: return t.CallWithPath(n, a.A, a.B, follow: false, (uint)a.C);
            case mknodat: return t.CallWithPath(n, a.A, a.B, follow: false, (uint)a.C, (uint)a.D);
            case unlinkat: return t.CallWithPath(n, a.A, a.B, follow: false, (int)a.C);
            case linkat or renameat or renameat2: return Directories.Between(t, n, a);
            case symlinkat: return Directories.SymbolicLink(t, a);

            // Waiting
            case ppoll: return Polling.Poll(t, a);
            case pselect6: return Polling.Select(t, a);
            case epoll_ctl: return Polling.EpollControl(t, a);
            case epoll_pwait: return Polling.EpollWait(t, a);

            // Memory
            case mmap: return Mappings.Map(t, a);
            case munmap: return Mappings.Unmap(t, a);
            case mprotect: return Mappings.Protect(t, a);
            case mremap: return Mappings.Remap(t, a);
            case brk: return Mappings.Break(t, a);
            case madvise: return Mappings.Advise(t, a);
            case msync: return Mappings.Synchronize(t, a);
            case mlock or mlock2 or munlock: return Mappings.Lock(t, a);
            case mlockall or munlockall: return 0;
            case mincore: return Mappings.Resident(t, a);

            // Time
            case clock_gettime or clock_getres: return Clocks.Read(t, n, a);
            case gettimeofday: return Clocks.TimeOfDay(t, a);
            case nanosleep: return Clocks.Sleep(t, a);
            case clock_nanosleep: return Clocks.SleepOn(t, a);
            case times: return Clocks.ProcessTimes(t, a);
            case getitimer: return Clocks.GetTimer(t, a);
            case setitimer: return Clocks.SetTimer(t, a);

            // Identity and system
            case getpid or gettid: return Environment.ProcessId;
            case getppid or getuid or geteuid or getgid or getegid or setsid: return HostKernel.Call(n);
            case getpgid or getsid or setuid or setgid or setfsuid or setfsgid: return HostKernel.Call(n, (int)a.A);
            case setpgid or setreuid or setregid: return HostKernel.Call(n, (int)a.A, (int)a.B);
            case setresuid or setresgid: return HostKernel.Call(n, (int)a.A, (int)a.B, (int)a.C);
            case getresuid or getresgid: return Identity.ThreeNumbers(t, n, a);
            case getgroups or setgroups: return Identity.Groups(t, n, a);
            case uname: return Identity.SystemName(t, a);
            case sysinfo: return Identity.Ask(t, n, a.A, 112);
            case getrusage: return Identity.AskAbout(t, n, a.A, a.B, 144);
            case getcpu: return Identity.Processor(t, a);
            case capget: return Identity.Capabilities(t, a);
            case prctl: return Identity.Control(t, a);
            case personality: return (uint)a.A is uint.MaxValue or 0 ? 0 : -Errno.EINVAL;
            case sched_yield: return HostKernel.Call(n);
            case sched_getaffinity or sched_setaffinity: return Identity.Affinity(t, n, a);
            case sched_getscheduler or sched_get_priority_max or sched_get_priority_min: return HostKernel.Call(n, (int)a.A);
            case sched_getparam: return Identity.AskAbout(t, n, a.A, a.B, 4);
            case sched_rr_get_interval: return Identity.AskAbout(t, n, a.A, a.B, 16);
            case getpriority or setpriority or ioprio_get or ioprio_set: return HostKernel.Call(n, (int)a.A, (int)a.B, (int)a.C);

            // Processes and threads
            case exit or exit_group: return Lifetime.Exit(t, a);
            case set_tid_address: return Lifetime.SetClearOnExit(t, a);
            case set_robust_list: return Lifetime.SetRobustList(t, a);
            case get_robust_list: return Lifetime.GetRobustList(t, a);
            case prlimit64: return Lifetime.Limits(t, a);
            case getrlimit: return a.B == 0 ? -Errno.EFAULT : Lifetime.Limits(t, (int)a.A, 0, a.B);
            case setrlimit: return a.B == 0 ? -Errno.EFAULT : Lifetime.Limits(t, (int)a.A, a.B, 0);
            case futex: return Lifetime.Futex(t, a);
            case membarrier: return HostKernel.Call(n, (int)a.A, (int)a.B, (int)a.C);
            case getrandom: return t.TryBuffer(a.A, a.B, out var random) ? HostKernel.CallToTheEnd(n, random, (long)a.B, (int)a.C) : -Errno.EFAULT;
            case wait4 or waitid: return -Errno.ECHILD;

            // Signals
            case rt_sigaction: return SignalCalls.Action(t, a);
            case rt_sigprocmask: return SignalCalls.Mask(t, a);
            case rt_sigpending: return SignalCalls.Pending(t, a);
            case sigaltstack: return SignalCalls.AlternateStack(t, a);
            case rt_sigreturn: return SignalCalls.Return(t);
            case kill: return SignalCalls.Kill(t, a);
            case tkill: return SignalCalls.KillThread(t, a);
            case tgkill: return SignalCalls.KillThreadOf(t, a);

            default: return t.Process.Abi.TryCall(t, number, a, out var result) ? result : -Errno.ENOSYS;
        }
    }
}
