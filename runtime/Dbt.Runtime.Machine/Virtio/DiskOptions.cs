using Dbt.Runtime.Machine.Block;
using Dbt.Runtime.Machine.Bus;
using Dbt.Runtime.Machine.Devices;

namespace Dbt.Runtime.Machine.Virtio;

/// <summary>A disk with a raw image.</summary>
/// <param name="Path">The image: a file or a block device of the host.</param>
public sealed record DiskOptions(string Path) : VirtioOptions
{
    /// <summary>Whether the guest may only read.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>The disk's serial number, up to 20 bytes: udev makes /dev/disk/by-id/virtio-SERIAL of it.</summary>
    public string Serial { get; init; } = "";

    /// <exception cref="DeviceException">The image cannot be used.</exception>
    internal override VirtioDevice Create(PhysicalMemory memory) => new BlockDevice(memory, RawDisk.Open(Path, IsReadOnly), Serial);
}
