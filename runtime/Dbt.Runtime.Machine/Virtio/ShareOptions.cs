using Dbt.Runtime.Machine.Bus;
using Dbt.Runtime.Machine.Devices;
using Dbt.Runtime.Machine.Sharing;

namespace Dbt.Runtime.Machine.Virtio;

/// <summary>
/// A directory of the host that the guest can mount: <c>mount -t 9p -o trans=virtio,version=9p2000.L TAG DIR</c>. The guest has this
/// process's rights in it, and none outside.
/// </summary>
/// <param name="Directory">The directory.</param>
/// <param name="Tag">The name that the guest mounts it by.</param>
public sealed record ShareOptions(string Directory, string Tag) : VirtioOptions
{
    /// <summary>Whether the guest may only read.</summary>
    public bool IsReadOnly { get; init; }

    /// <exception cref="DeviceException">There is no such directory.</exception>
    internal override VirtioDevice Create(PhysicalMemory memory) => new SharedFolderDevice(memory, new FolderServer(Directory, IsReadOnly), Tag);
}
