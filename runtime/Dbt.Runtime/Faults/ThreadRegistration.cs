using Dbt.Isa;

namespace Dbt.Runtime.Faults;

/// <summary>
/// A thread whose faults can be caught as long as it lives. Only the thread itself holds it, so that the garbage collector finds when that has ended; see
/// <see cref="HostFaults.KeepCurrentThread"/>.
/// </summary>
internal sealed unsafe class ThreadRegistration(ThreadFaultEntry* entry)
{
    ~ThreadRegistration() => HostFaults.ForgetThread(entry);

    /// <summary>Where the handler leaves word.</summary>
    public HostFault* Fault => &entry->Fault;
}
