using Dbt.Runtime.Machine.Snapshots;

namespace Dbt.Runtime.Machine.Interrupts.Riscv;

/// <summary>All interrupt files of a privilege level, in a snapshot. M mode's are there without pages that messages go to, where there is no firmware.</summary>
/// <param name="name">The part's name.</param>
/// <param name="files">The harts' files.</param>
internal sealed class InterruptFiles(string name, IReadOnlyList<InterruptFile> files) : ISnapshotable
{
    /// <inheritdoc/>
    public string SnapshotName => name;

    /// <inheritdoc/>
    public int SnapshotVersion => 1;

    /// <inheritdoc/>
    public void Save(SnapshotWriter writer)
    {
        foreach (var file in files)
            file.Save(writer);
    }

    /// <inheritdoc/>
    public void Load(SnapshotReader reader, int version)
    {
        foreach (var file in files)
            file.Load(reader);
    }
}
