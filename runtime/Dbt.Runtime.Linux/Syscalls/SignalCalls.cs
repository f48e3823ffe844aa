using Dbt.Runtime.Linux.Host;
using Dbt.Runtime.Linux.Processes;

namespace Dbt.Runtime.Linux.Syscalls;

/// <summary>Signals: actions, masks and stacks, sending and returning. What a call makes deliverable is delivered when it returns.</summary>
internal static class SignalCalls
{
    private const ulong SetSize = 8;

    /// <summary>rt_sigaction: (signal, new*, old*, size of a set).</summary>
    public static long Action(GuestThread thread, in SyscallArguments a)
    {
        var signal = (int)a.A;
        if (a.D != SetSize || signal is < 1 or > SignalTable.Count || a.B != 0 && (Signal)signal is Signal.SIGKILL or Signal.SIGSTOP)
            return -Errno.EINVAL;
        // {handler, flags, restorer where there is one, mask}, all of 8 bytes.
        var hasRestorer = thread.Process.Abi.HasSignalRestorer;
        Span<ulong> words = stackalloc ulong[hasRestorer ? 4 : 3];
        var bytes = System.Runtime.InteropServices.MemoryMarshal.AsBytes(words);
        var old = thread.Process.Signals[signal];
        if (a.B != 0)
        {
            if (!thread.Memory.TryRead(a.B, bytes))
                return -Errno.EFAULT;
            thread.Process.Signals[signal] = new SignalAction(words[0], words[1], hasRestorer ? words[2] : 0, words[^1]);
            // A handler sees the registers.
            if ((Signal)signal is Signal.SIGSEGV or Signal.SIGBUS && words[0] is not (SignalAction.Ignore or SignalAction.Default))
                thread.Process.RequirePreciseFaults();
            // What is ignored from now on is not kept for later.
            if (words[0] == SignalAction.Ignore || words[0] == SignalAction.Default && !SignalTable.IsFatalByDefault((Signal)signal))
                thread.Signals.Pending.Remove((Signal)signal);
        }
        if (a.C == 0)
            return 0;
        (words[0], words[1], words[^1]) = (old.Handler, old.Flags, old.Mask);
        if (hasRestorer)
            words[2] = old.Restorer;
        return thread.Memory.TryWrite(a.C, bytes) ? 0 : -Errno.EFAULT;
    }

    /// <summary>rt_sigprocmask: (how, new*, old*, size of a set).</summary>
    public static long Mask(GuestThread thread, in SyscallArguments a)
    {
        const int block = 0, unblock = 1, set = 2;
        if (a.D != SetSize)
            return -Errno.EINVAL;
        var old = thread.Signals.Mask;
        if (a.B != 0)
        {
            if (!thread.Memory.TryRead(a.B, out ulong given))
                return -Errno.EFAULT;
            if ((int)a.A is < block or > set)
                return -Errno.EINVAL;
            thread.Signals.Mask = (int)a.A switch { block => old | given, unblock => old & ~given, _ => given };
        }
        return a.C == 0 ? 0 : thread.Store(a.C, old);
    }

    /// <summary>rt_sigpending: (set*, size of a set).</summary>
    public static long Pending(GuestThread thread, in SyscallArguments a) =>
        a.B > SetSize ? -Errno.EINVAL : thread.Store(a.A, thread.Signals.Pending.Set & thread.Signals.Mask);

    /// <summary>sigaltstack: (new*, old*).</summary>
    public static long AlternateStack(GuestThread thread, in SyscallArguments a)
    {
        var old = thread.Signals.AlternateStack;
        if (thread.Signals.IsOnAlternateStack)
            old = old with { Flags = old.Flags | SignalStack.InUse };
        if (a.A != 0)
        {
            if (!thread.Memory.TryRead(a.A, out SignalStack wanted))
                return -Errno.EFAULT;
            var error = thread.Signals.SetAlternateStack(wanted);
            if (error != 0)
                return error;
        }
        return a.B == 0 ? 0 : thread.Store(a.B, old);
    }

    /// <summary>rt_sigreturn: (). The registers are others then, and the call has no result.</summary>
    public static long Return(GuestThread thread)
    {
        thread.Signals.Return();
        return -Errno.ESIGRETURN;
    }

    /// <summary>kill: (process, signal).</summary>
    public static long Kill(GuestThread thread, in SyscallArguments a) =>
        (int)a.A == Environment.ProcessId
            ? SendToSelf(thread, a.B, SignalCode.User)
            : HostKernel.Call(SyscallNumber.kill, (int)a.A, (int)a.B);

    /// <summary>tkill: (thread, signal).</summary>
    public static long KillThread(GuestThread thread, in SyscallArguments a) => (int)a.A == thread.Id ? SendToSelf(thread, a.B, SignalCode.Thread) : -Errno.ESRCH;

    /// <summary>tgkill: (process, thread, signal).</summary>
    public static long KillThreadOf(GuestThread thread, in SyscallArguments a) =>
        (int)a.A == Environment.ProcessId && (int)a.B == thread.Id ? SendToSelf(thread, a.C, SignalCode.Thread) : -Errno.ESRCH;

    private static long SendToSelf(GuestThread thread, ulong signal, int code) =>
        signal > SignalTable.Count ? -Errno.EINVAL
        : signal == 0 || thread.Signals.TrySend(SignalInfo.FromSelf((Signal)signal, code)) ? 0
        : -Errno.EAGAIN;
}
