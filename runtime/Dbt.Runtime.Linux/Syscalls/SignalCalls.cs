using Dbt.Runtime.Linux.Host;
using Dbt.Runtime.Linux.Processes;

namespace Dbt.Runtime.Linux.Syscalls;

/// <summary>Signals: actions, masks and stacks are kept and given back; sending one to oneself takes its default action.</summary>
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
        var old = thread.SignalMask;
        if (a.B != 0)
        {
            if (!thread.Memory.TryRead(a.B, out ulong given))
                return -Errno.EFAULT;
            if ((int)a.A is < block or > set)
                return -Errno.EINVAL;
            var mask = (int)a.A switch { block => old | given, unblock => old & ~given, _ => given };
            thread.SignalMask = mask & ~(SignalTable.Bit(Signal.SIGKILL) | SignalTable.Bit(Signal.SIGSTOP));
        }
        return a.C == 0 ? 0 : thread.Store(a.C, old);
    }

    /// <summary>rt_sigpending: (set*, size of a set). Nothing is ever left pending.</summary>
    public static long Pending(GuestThread thread, in SyscallArguments a) => a.B > SetSize ? -Errno.EINVAL : thread.Store(a.A, 0UL);

    /// <summary>sigaltstack: (new*, old*).</summary>
    public static long AlternateStack(GuestThread thread, in SyscallArguments a)
    {
        const int autoDisarm = 1 << 31, onStack = 1, minimumSize = 2048;
        var old = thread.AlternateStack;
        if (a.A != 0)
        {
            if (!thread.Memory.TryRead(a.A, out SignalStack wanted))
                return -Errno.EFAULT;
            var mode = wanted.Flags & ~autoDisarm;
            if (mode is not (0 or onStack or SignalStack.Disabled))
                return -Errno.EINVAL;
            if (mode != SignalStack.Disabled && wanted.Size < minimumSize)
                return -Errno.ENOMEM;
            thread.AlternateStack = mode == SignalStack.Disabled ? SignalStack.None : wanted with { Flags = wanted.Flags & autoDisarm };
        }
        return a.B == 0 ? 0 : thread.Store(a.B, old);
    }

    /// <summary>kill: (process, signal).</summary>
    public static long Kill(GuestThread thread, in SyscallArguments a) =>
        (int)a.A == Environment.ProcessId
            ? SendToSelf(thread, a.B)
            : HostKernel.Call(SyscallNumber.kill, (int)a.A, (int)a.B);

    /// <summary>tkill: (thread, signal).</summary>
    public static long KillThread(GuestThread thread, in SyscallArguments a) => (int)a.A == thread.Id ? SendToSelf(thread, a.B) : -Errno.ESRCH;

    /// <summary>tgkill: (process, thread, signal).</summary>
    public static long KillThreadOf(GuestThread thread, in SyscallArguments a) =>
        (int)a.A == Environment.ProcessId && (int)a.B == thread.Id ? SendToSelf(thread, a.C) : -Errno.ESRCH;

    private static long SendToSelf(GuestThread thread, ulong signal)
    {
        if (signal > SignalTable.Count)
            return -Errno.EINVAL;
        if (signal != 0)
            thread.Process.Raise(thread, (Signal)signal);
        return 0;
    }
}
