using Dbt.Runtime.Machine.Bus;

namespace Dbt.Runtime.Machine.Virtio;

/// <summary>A source of random numbers.</summary>
public sealed record EntropyOptions : VirtioOptions
{
    internal override VirtioDevice Create(PhysicalMemory memory) => new EntropyDevice(memory);
}
