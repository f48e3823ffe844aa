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

    /// <summary>From now on the guest can see the registers at a fault: it has a handler.</summary>
    public Action RequirePreciseFaults { get; init; } = () => { };

    /// <summary>Its resource limits.</summary>
    public ResourceLimits Limits { get; init; } = new();

    /// <summary>Its actions on signals.</summary>
    public SignalTable Signals { get; } = new();

    /// <summary>Address of <see cref="LinuxAbi.SignalReturnCode"/> in its memory; 0 without one.</summary>
    public ulong SignalReturn { get; init; }

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
}
