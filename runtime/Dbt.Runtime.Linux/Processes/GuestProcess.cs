using Dbt.Runtime.Linux.Abi;
using Dbt.Runtime.Linux.FileSystem;
using Dbt.Runtime.Memory;

namespace Dbt.Runtime.Linux.Processes;

/// <summary>What the kernel keeps for a guest process: system calls work on this and on nothing else of the guest.</summary>
internal sealed class GuestProcess
{
    private readonly Lock _lock = new();
    private ProcessEnd? _end;

    /// <summary>The guest's address space.</summary>
    public required GuestMemory Memory { get; init; }

    /// <summary>What differs between architectures.</summary>
    public required LinuxAbi Abi { get; init; }

    /// <summary>Its file descriptors.</summary>
    public required FileTable Files { get; init; }

    /// <summary>Finds files by the guest's paths.</summary>
    public required PathResolver Paths { get; init; }

    /// <summary>Drops the translations of code that has changed, for all threads, after the guest has asked for it.</summary>
    public required Action FlushCode { get; init; }

    /// <summary>Its resource limits.</summary>
    public ResourceLimits Limits { get; init; } = new();

    /// <summary>Its actions on signals.</summary>
    public SignalTable Signals { get; } = new();

    /// <summary>Its heap.</summary>
    public ProgramBreak Break { get; init; } = new(0);

    /// <summary>argv, each with a NUL behind it, for /proc/self/cmdline.</summary>
    public byte[] CommandLine { get; init; } = [];

    /// <summary>The environment it was started with, each entry with a NUL behind it, for /proc/self/environ.</summary>
    public byte[] Environment { get; init; } = [];

    /// <summary>Its auxiliary vector, for /proc/self/auxv.</summary>
    public byte[] AuxiliaryVector { get; set; } = [];

    /// <summary>The stack pointer that it started with.</summary>
    public ulong InitialStackPointer { get; set; }

    /// <summary>The thread's name: at most 15 bytes, as prctl(PR_SET_NAME) has it.</summary>
    public byte[] Name { get; set; } = [];

    /// <summary>How it ended; null while it runs.</summary>
    public ProcessEnd? End => Volatile.Read(ref _end);

    /// <summary>Ends it. The first end counts.</summary>
    public void Finish(ProcessEnd end)
    {
        lock (_lock)
            _end ??= end;
    }

    /// <summary>
    /// Delivers a signal that the guest sent to itself or that a call provoked: ends the process when the action is the
    /// default one and fatal. Handlers are not called yet.
    /// </summary>
    /// <param name="thread">The thread that gets it.</param>
    /// <param name="signal">1 to 64.</param>
    public void Raise(GuestThread thread, Signal signal)
    {
        var isBlocked = (thread.SignalMask & SignalTable.Bit(signal)) != 0;
        var isKill = signal == Signal.SIGKILL;
        if (isKill || !isBlocked && Signals[(int)signal].Handler == SignalAction.Default && SignalTable.IsFatalByDefault(signal))
            Finish(ProcessEnd.BySignal(signal));
    }
}
