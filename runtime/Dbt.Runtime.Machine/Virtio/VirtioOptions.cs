using Dbt.Runtime.Machine.Bus;

namespace Dbt.Runtime.Machine.Virtio;

/// <summary>A virtio device that a machine is to have.</summary>
public abstract record VirtioOptions
{
    /// <summary>Whether the device is on the PCI bus, whose drivers every kernel has built in, rather than in a slot of its own.</summary>
    public bool IsOnPci { get; init; }

    /// <summary>Makes the device.</summary>
    internal abstract VirtioDevice Create(PhysicalMemory memory);
}
