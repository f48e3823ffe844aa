using Dbt.Isa;

namespace Dbt.Runtime.Faults;

/// <summary>While it lives, faults of this thread in a guest's window can be caught; see <see cref="HostFaults"/>.</summary>
public readonly unsafe ref struct ThreadFaultScope
{
    private readonly ThreadFaultEntry* _entry;
    private readonly HartHeader* _state;

    internal ThreadFaultScope(ThreadFaultEntry* entry, HartHeader* state)
    {
        _entry = entry;
        _state = state;
        if (state != null)
            state->HostFault = Fault;
    }

    /// <summary>Where the handler leaves word. Valid until the scope is disposed.</summary>
    public HostFault* Fault => &_entry->Fault;

    internal ThreadFaultEntry* Entry => _entry;

    /// <summary>Takes what the handler has left: for an exception filter. False when there was no fault.</summary>
    public bool TryTake(out HostFault fault)
    {
        fault = *Fault;
        Fault->Signal = 0;
        return fault.Signal != 0;
    }

    /// <summary>Ends it; on the thread that began it.</summary>
    public void Dispose()
    {
        if (_state != null)
            _state->HostFault = null;
        HostFaults.LeaveThread(_entry);
    }
}
