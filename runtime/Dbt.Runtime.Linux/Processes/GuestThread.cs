using Dbt.Runtime.Memory;
using Dbt.Translator;

namespace Dbt.Runtime.Linux.Processes;

/// <summary>What the kernel keeps for one thread of the guest. Used by the host thread that runs it only.</summary>
/// <param name="process">The process that it belongs to.</param>
/// <param name="hart">Its registers.</param>
internal sealed class GuestThread(GuestProcess process, Hart hart)
{
    private ThreadSignals? _signals;

    /// <summary>The process that it belongs to.</summary>
    public GuestProcess Process { get; } = process;

    /// <summary>Its registers.</summary>
    public Hart Hart { get; } = hart;

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
