using System.Runtime.InteropServices;

namespace Dbt.Runtime.Faults;

/// <summary>The host's calls for signals, with numbers and layouts of x86-64 Linux.</summary>
internal static unsafe partial class HostSignals
{
    public const int SigBus = 7, SigSegv = 11;

    /// <summary>Number of the system call rt_sigaction.</summary>
    public const int SetActionCall = 13;

    /// <summary>Address of the thread's control block, which is what fs:[0] holds (System V ABI, AMD64 supplement, 3.4.2).</summary>
    [LibraryImport("libc", EntryPoint = "pthread_self")]
    public static partial ulong ThreadPointer();

    [LibraryImport("libc", EntryPoint = "sigaction", SetLastError = true)]
    public static partial int SetAction(int signal, SignalAction* action, SignalAction* old);
}
