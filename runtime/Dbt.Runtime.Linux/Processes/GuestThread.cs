using Dbt.Runtime.Linux.Syscalls;
using Dbt.Runtime.Memory;
using Dbt.Translator;

namespace Dbt.Runtime.Linux.Processes;

/// <summary>What the kernel keeps for one thread of the guest. Used by the host thread that runs it only.</summary>
internal sealed unsafe class GuestThread
{
    private ThreadSignals? _signals;

    /// <summary>A new thread, of which the hart's handlers of calls know what they need.</summary>
    /// <param name="process">The process that it belongs to.</param>
    /// <param name="hart">Its registers.</param>
    public GuestThread(GuestProcess process, Hart hart)
    {
        Process = process;
        Hart = hart;
        hart.State->CallWords[PatchedCalls.ThreadWord] = (ulong)Id;
    }

    /// <summary>The process that it belongs to.</summary>
    public GuestProcess Process { get; }

    /// <summary>Its registers.</summary>
    public Hart Hart { get; }

    /// <summary>The process's memory.</summary>
    public GuestMemory Memory => Process.Memory;

    /// <summary>The process's file descriptors.</summary>
    public FileSystem.FileTable Files => Process.Files;

    /// <summary>Its number; the first thread's is the process's.</summary>
    public int Id { get; } = Environment.ProcessId;

    /// <summary>Where to write 0 and wake one waiter when it ends (set_tid_address); 0 for nowhere.</summary>
    public ulong ClearOnExit { get; set; }

    /// <summary>Head and length of its list of robust futexes, as it registered them.</summary>
    public (ulong Head, ulong Length) RobustList { get; set; }

    /// <summary>Its signals.</summary>
    public ThreadSignals Signals => _signals ??= new ThreadSignals(this);
}
