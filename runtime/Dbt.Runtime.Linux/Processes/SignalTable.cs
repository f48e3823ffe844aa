namespace Dbt.Runtime.Linux.Processes;

/// <summary>The process's actions on signals.</summary>
internal sealed class SignalTable
{
    /// <summary>Number of signals; the highest one.</summary>
    public const int Count = 64;

    private readonly SignalAction[] _actions = new SignalAction[Count + 1];

    /// <summary>The action on a signal, 1 to <see cref="Count"/>.</summary>
    public SignalAction this[int signal]
    {
        get => _actions[signal];
        set => _actions[signal] = value;
    }

    /// <summary>Bit of a signal in a mask.</summary>
    public static ulong Bit(Signal signal) => 1UL << (int)signal - 1;

    /// <summary>Whether a signal ends the process when it is delivered: its action is the default one, and fatal.</summary>
    public bool IsFatal(Signal signal) => _actions[(int)signal].Handler == SignalAction.Default && IsFatalByDefault(signal);

    /// <summary>Whether a signal ends the process when nothing else was asked for.</summary>
    public static bool IsFatalByDefault(Signal signal) => signal
        is not (Signal.SIGCHLD or Signal.SIGCONT or Signal.SIGURG or Signal.SIGWINCH or Signal.SIGSTOP or Signal.SIGTSTP or Signal.SIGTTIN or Signal.SIGTTOU);

    /// <summary>Whether a death by the signal deserves a message: the signals of program errors, as shells report them.</summary>
    public static bool IsError(Signal signal) => signal
        is Signal.SIGILL or Signal.SIGTRAP or Signal.SIGABRT or Signal.SIGBUS or Signal.SIGFPE or Signal.SIGSEGV or Signal.SIGSYS or Signal.SIGQUIT
        or Signal.SIGXCPU or Signal.SIGXFSZ;
}
