using Dbt.Runtime.Linux.Syscalls;

namespace Dbt.Runtime.Linux.Processes;

/// <summary>
/// Signals of one thread: what is blocked and pending, and their delivery (Linux's kernel/signal.c). Delivery happens between two
/// instructions, with the hart's state complete: when a system call returns, and in place of an instruction that faulted.
/// </summary>
/// <param name="thread">The thread.</param>
internal sealed class ThreadSignals(GuestThread thread)
{
    // They cannot be blocked, ignored or handled.
    private static readonly ulong Unstoppable = SignalTable.Bit(Signal.SIGKILL) | SignalTable.Bit(Signal.SIGSTOP);

    private ulong _mask;

    /// <summary>Blocked signals; bit n - 1 is signal n.</summary>
    public ulong Mask
    {
        get => _mask;
        set => _mask = value & ~Unstoppable;
    }

    /// <summary>Signals that wait for being unblocked, or for the system call to return.</summary>
    public PendingSignals Pending { get; } = new();

    /// <summary>The stack for handlers, as sigaltstack set it.</summary>
    public SignalStack AlternateStack { get; private set; } = SignalStack.None;

    /// <summary>Whether the thread runs on its alternate stack now.</summary>
    public bool IsOnAlternateStack => AlternateStack.Contains(Process.Abi.StackPointer(thread.Hart));

    private GuestProcess Process => thread.Process;

    /// <summary>Sets the alternate stack (Linux's do_sigaltstack). Returns 0 or a negative error.</summary>
    public long SetAlternateStack(in SignalStack wanted)
    {
        if (IsOnAlternateStack)
            return -Errno.EPERM;
        var mode = wanted.Flags & ~SignalStack.AutoDisarm;
        if (mode is not (0 or SignalStack.InUse or SignalStack.Disabled))
            return -Errno.EINVAL;
        if (mode != SignalStack.Disabled && wanted.Size < SignalStack.MinimumSize)
            return -Errno.ENOMEM;
        AlternateStack = mode == SignalStack.Disabled ? SignalStack.None : wanted with { Flags = wanted.Flags & SignalStack.AutoDisarm };
        return 0;
    }

    /// <summary>
    /// Sends the thread a signal. One that kills does so at once, one that is ignored is gone; any other waits for
    /// <see cref="DeliverPending"/>. False when too many wait.
    /// </summary>
    public bool TrySend(SignalInfo info)
    {
        var signal = info.Signal;
        var isBlocked = (Mask & SignalTable.Bit(signal)) != 0;
        if (isBlocked || Process.Signals[(int)signal].HasHandler)
            return Pending.TryAdd(info);
        if (Process.Signals.IsFatal(signal))
            Process.Finish(ProcessEnd.BySignal(signal));
        return true;
    }

    /// <summary>Delivers what is pending and not blocked: enters the handlers, so that the last one entered runs first, or ends the process.</summary>
    public void DeliverPending()
    {
        while (Process.End is null && Pending.TryTake(Mask, out var info))
        {
            if (Process.Signals[(int)info.Signal].HasHandler)
                Enter(info);
            else if (Process.Signals.IsFatal(info.Signal))
                Process.Finish(ProcessEnd.BySignal(info.Signal));
        }
    }

    /// <summary>
    /// Delivers the signal of the instruction at which the hart stands: it cannot wait. False when the thread has no handler for it,
    /// or blocks it, or its stack has no room: then nothing has changed, and the process has to die of it.
    /// </summary>
    public bool TryDeliver(SignalInfo info) =>
        (Mask & SignalTable.Bit(info.Signal)) == 0 && Process.Signals[(int)info.Signal].HasHandler && TryEnter(info);

    /// <summary>Resumes what a handler interrupted (rt_sigreturn); a SIGSEGV when what is on the stack is no frame.</summary>
    public void Return()
    {
        if (!SignalFrame.TryPop(thread))
            Force(Signal.SIGSEGV);
    }

    private void Enter(SignalInfo info)
    {
        if (TryEnter(info))
            return;
        // A SIGSEGV whose frame does not fit is not tried again.
        if (info.Signal == Signal.SIGSEGV)
            Process.Finish(ProcessEnd.BySignal(Signal.SIGSEGV));
        else
            Force(Signal.SIGSEGV);
    }

    private void Force(Signal signal)
    {
        if (!TryDeliver(new SignalInfo(signal, SignalCode.Kernel)))
            Process.Finish(ProcessEnd.BySignal(signal));
    }

    private bool TryEnter(SignalInfo info)
    {
        var action = Process.Signals[(int)info.Signal];
        if (!SignalFrame.TryPush(thread, info, action))
            return false;
        if ((AlternateStack.Flags & SignalStack.AutoDisarm) != 0)
            AlternateStack = SignalStack.None;
        if ((action.Flags & SignalAction.ResetHandler) != 0)
            Process.Signals[(int)info.Signal] = action with { Handler = SignalAction.Default };
        Mask |= action.Mask | ((action.Flags & SignalAction.NoDefer) == 0 ? SignalTable.Bit(info.Signal) : 0);
        return true;
    }
}
