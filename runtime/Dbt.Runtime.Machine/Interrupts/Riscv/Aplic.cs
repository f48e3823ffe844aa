using Dbt.Runtime.Machine.Snapshots;

namespace Dbt.Runtime.Machine.Interrupts.Riscv;

/// <summary>
/// The advanced platform-level interrupt controller (RISC-V Advanced Interrupt Architecture 1.0, chapter 4): a domain for M mode, which may
/// delegate sources to one for S mode.
/// </summary>
internal sealed class Aplic : ISnapshotable
{
    private readonly Lock _lock = new();

    /// <summary>A controller that delivers nothing.</summary>
    /// <param name="harts">The harts.</param>
    /// <param name="sources">How many sources there are, numbered from 1; at most 1023.</param>
    /// <param name="machineFiles">Where M mode's messages go; null where harts are interrupted directly.</param>
    /// <param name="supervisorFiles">Where S mode's messages go; null where harts are interrupted directly.</param>
    /// <param name="isDelegated">Whether all sources belong to S mode from the start: no firmware will delegate them.</param>
    public Aplic(IReadOnlyList<IInterruptTarget> harts, int sources, IReadOnlyList<InterruptFile>? machineFiles, IReadOnlyList<InterruptFile>? supervisorFiles, bool isDelegated)
    {
        Supervisor = new AplicDomain(_lock, harts, sources, InterruptInput.SupervisorExternal, supervisorFiles, child: null);
        Machine = new AplicDomain(_lock, harts, sources, InterruptInput.MachineExternal, machineFiles, Supervisor);
        Machine.Own();
        if (isDelegated)
            Machine.DelegateAll();
    }

    /// <summary>M mode's domain, which sources belong to first.</summary>
    public AplicDomain Machine { get; }

    /// <summary>S mode's domain.</summary>
    public AplicDomain Supervisor { get; }

    /// <summary>The wire into a source.</summary>
    public IInterruptLine Line(int source) => new SourceLine(this, source);

    /// <inheritdoc/>
    public string SnapshotName => "aplic";

    /// <inheritdoc/>
    public int SnapshotVersion => 1;

    /// <inheritdoc/>
    public void Save(SnapshotWriter writer)
    {
        lock (_lock)
        {
            Machine.Save(writer);
            Supervisor.Save(writer);
        }
    }

    /// <inheritdoc/>
    public void Load(SnapshotReader reader, int version)
    {
        lock (_lock)
        {
            Machine.Load(reader);
            Supervisor.Load(reader);
        }
    }

    private sealed class SourceLine(Aplic aplic, int source) : IInterruptLine
    {
        public void Set(bool level)
        {
            lock (aplic._lock)
                aplic.Machine.SetInput(source, level);
        }
    }
}
