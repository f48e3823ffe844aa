using Dbt.Runtime.Machine.Harts.Riscv;

namespace Dbt.Runtime.Machine.Sbi.Riscv;

/// <summary>A hart and whether it is on; the thread that runs it starts and stops with that.</summary>
internal sealed class SbiHart(MachineHart hart)
{
    private readonly object _lock = new();
    private (ulong Address, ulong Argument) _start;
    private SbiHartState _state = SbiHartState.Stopped;

    public MachineHart Hart { get; } = hart;

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

    /// <summary>Makes the hart begin at an address in S mode; false when it is on already. From any thread.</summary>
    public bool TryStart(ulong address, ulong argument)
    {
        lock (_lock)
        {
            if (_state != SbiHartState.Stopped)
                return false;
            _state = SbiHartState.StartPending;
            _start = (address, argument);
            Monitor.PulseAll(_lock);
            return true;
        }
    }

    /// <summary>Switches off the hart that calls: it leaves its engine, and its thread waits.</summary>
    public void Stop()
    {
        State = SbiHartState.StopPending;
        Hart.Wake();
    }

    /// <summary>Waits until the hart is on, on its thread.</summary>
    /// <param name="isOver">Whether there is nothing to wait for any more; see <see cref="Release"/>.</param>
    /// <returns>False when it is over.</returns>
    public bool AwaitStarted(Func<bool> isOver)
    {
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
                Hart.StartSupervisor(_start.Address, _start.Argument);
                _state = SbiHartState.Started;
            }
            return true;
        }
    }

    /// <summary>Waits for an interrupt, as a suspended hart; on its thread.</summary>
    public void Suspend()
    {
        State = SbiHartState.Suspended;
        Hart.IsIdle = true;
        Hart.WaitForInterrupt();
        Hart.IsIdle = false;
        State = SbiHartState.Started;
    }

    /// <summary>Lets the hart's thread look whether it is over. From any thread.</summary>
    public void Release()
    {
        lock (_lock)
            Monitor.PulseAll(_lock);
        Hart.Wake();
    }
}
