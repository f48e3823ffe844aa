using Dbt.Runtime.Machine.Bus;
using Dbt.Runtime.Machine.Harts.Riscv;
using Dbt.Runtime.Machine.Snapshots;

namespace Dbt.Runtime.Machine.Sbi.Riscv;

/// <summary>A hart and whether it is on; the thread that runs it starts and stops with that.</summary>
/// <param name="hart">The hart.</param>
/// <param name="memory">The machine's memory.</param>
internal sealed class SbiHart(MachineHart hart, PhysicalMemory memory) : ISnapshotable, IDisposable
{
    private readonly object _lock = new();
    private Action<MachineHart>? _start;
    private (ulong Address, ulong Argument)? _resume;
    private SbiHartState _state = SbiHartState.Stopped;

    public MachineHart Hart { get; } = hart;

    /// <summary>Its counters.</summary>
    public PerformanceMonitor Performance { get; } = new(hart);

    /// <summary>What the host took from it.</summary>
    public StealTime Steal { get; } = new(memory);

    /// <summary>Whether it is on. From any thread.</summary>
    public SbiHartState State
    {
        get
        {
            lock (_lock)
                return _state;
        }
        private set
        {
            lock (_lock)
                _state = value;
        }
    }

    /// <summary>Switches the hart on; false when it is on already. From any thread.</summary>
    /// <param name="start">Makes it begin somewhere, on its thread.</param>
    public bool TryStart(Action<MachineHart> start)
    {
        lock (_lock)
        {
            if (_state != SbiHartState.Stopped)
                return false;
            _state = SbiHartState.StartPending;
            _start = start;
            Monitor.PulseAll(_lock);
            return true;
        }
    }

    /// <summary>Switches off the hart that calls: it leaves its engine, and its thread waits.</summary>
    public void Stop() => Leave(SbiHartState.StopPending);

    /// <summary>Suspends the hart that calls, until an interrupt is pending and enabled: it leaves its engine, and its thread waits.</summary>
    /// <param name="resume">Where it begins again, and with which argument; null: where it was, with all registers.</param>
    public void Suspend((ulong Address, ulong Argument)? resume)
    {
        _resume = resume;
        Leave(SbiHartState.SuspendPending);
    }

    /// <summary>Whether the hart has to leave its engine. From any thread.</summary>
    public bool IsLeaving => State is SbiHartState.StopPending or SbiHartState.SuspendPending;

    /// <summary>Waits until the hart is on and not suspended, on its thread.</summary>
    /// <param name="isOver">Whether there is nothing to wait for any more; see <see cref="Release"/>.</param>
    /// <returns>False when it is over.</returns>
    public bool AwaitStarted(Func<bool> isOver)
    {
        if (State == SbiHartState.SuspendPending && !TryAwaitResumed(isOver))
            return false;
        lock (_lock)
        {
            if (_state == SbiHartState.StopPending)
                _state = SbiHartState.Stopped;
            while (_state == SbiHartState.Stopped && !isOver())
                Monitor.Wait(_lock);
            if (isOver())
                return false;
            if (_state == SbiHartState.StartPending)
            {
                _start!(Hart);
                _state = SbiHartState.Started;
            }
            return true;
        }
    }

    /// <summary>Lets the hart's thread look whether it is over. From any thread.</summary>
    public void Release()
    {
        lock (_lock)
            Monitor.PulseAll(_lock);
        Hart.Wake();
    }

    /// <inheritdoc/>
    public string SnapshotName => $"hart {Hart.Id}";

    /// <inheritdoc/>
    public int SnapshotVersion => 1;

    /// <inheritdoc/>
    public void Save(SnapshotWriter writer)
    {
        Settle();
        writer.Write((uint)State);
        writer.Write(_resume is not null);
        writer.Write([_resume?.Address ?? 0, _resume?.Argument ?? 0]);
        Hart.Save(writer);
        Performance.Save(writer);
        Steal.Save(writer);
    }

    /// <inheritdoc/>
    public void Load(SnapshotReader reader, int version)
    {
        var state = (SbiHartState)reader.ReadUInt32();
        if (state is not (SbiHartState.Started or SbiHartState.Stopped or SbiHartState.SuspendPending))
            throw SnapshotReader.Broken();
        var resumes = reader.ReadBoolean();
        Span<ulong> resume = stackalloc ulong[2];
        reader.Read(resume);
        _resume = resumes ? (resume[0], resume[1]) : null;
        Hart.Load(reader);
        Performance.Load(reader);
        Steal.Load(reader);
        State = state;
    }

    // What was asked for of a hart whose thread is not there yet, is done.
    private void Settle()
    {
        lock (_lock)
        {
            if (_state == SbiHartState.StartPending)
                _start!(Hart);
            _state = _state switch
            {
                SbiHartState.StartPending => SbiHartState.Started,
                SbiHartState.StopPending => SbiHartState.Stopped,
                SbiHartState.Suspended => SbiHartState.SuspendPending,
                var state => state,
            };
        }
    }

    private void Leave(SbiHartState state)
    {
        State = state;
        Hart.Wake();
    }

    // False when it is over, or the machine is paused: then the hart is about to be suspended again.
    private bool TryAwaitResumed(Func<bool> isOver)
    {
        State = SbiHartState.Suspended;
        Hart.AwaitInterrupt(isOver);
        if (isOver())
        {
            State = SbiHartState.SuspendPending;
            return false;
        }
        if (_resume is { } resume)
            Hart.StartSupervisor(resume.Address, resume.Argument);
        State = SbiHartState.Started;
        return true;
    }

    public void Dispose()
    {
        Steal.Dispose();
        Hart.Dispose();
    }
}
