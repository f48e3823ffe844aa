using Dbt.Runtime.Machine.Virtio;

namespace Dbt.Runtime.Machine.Snapshots;

/// <summary>
/// How long the images of disks are and when they were last written. A guest that goes on remembers what it has read: on a disk that others, or it itself, have
/// written since, it would destroy its file systems.
/// </summary>
internal sealed class DiskStamps(IEnumerable<DiskOptions> disks) : ISnapshotable
{
    /// <inheritdoc/>
    public string SnapshotName => "disks";

    /// <inheritdoc/>
    public int SnapshotVersion => 1;

    /// <inheritdoc/>
    public void Save(SnapshotWriter writer)
    {
        writer.Write((uint)disks.Count());
        foreach (var disk in disks)
            writer.Write([(ulong)LengthOf(disk), (ulong)File.GetLastWriteTimeUtc(disk.Path).Ticks]);
    }

    /// <inheritdoc/>
    public void Load(SnapshotReader reader, int version)
    {
        var count = reader.ReadUInt32();
        if (count != (uint)disks.Count())
            throw new SnapshotException($"the snapshot has {count} disks, this machine {disks.Count()}");
        Span<ulong> stamp = stackalloc ulong[2];
        foreach (var disk in disks)
        {
            reader.Read(stamp);
            if (stamp[0] != (ulong)LengthOf(disk))
                throw new SnapshotException($"the snapshot was made with another disk than {disk.Path}: its length is another");
            if (stamp[1] != (ulong)File.GetLastWriteTimeUtc(disk.Path).Ticks)
                throw new SnapshotException($"{disk.Path} was written after the snapshot was made, and the guest would destroy its file systems: remove the snapshot to boot, or restore the image");
        }
    }

    private static long LengthOf(DiskOptions disk) => File.Exists(disk.Path) ? new FileInfo(disk.Path).Length : 0;
}
