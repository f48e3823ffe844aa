using Dbt.Runtime.Machine.Bus;

namespace Dbt.Runtime.Machine.Virtio;

/// <summary>A virtio device that a machine is to have.</summary>
public abstract record VirtioOptions
{
    /// <summary>Makes the device.</summary>
    internal abstract VirtioDevice Create(PhysicalMemory memory);
}
