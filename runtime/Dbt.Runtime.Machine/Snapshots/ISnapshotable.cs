namespace Dbt.Runtime.Machine.Snapshots;

/// <summary>
/// A part of a machine whose state can be written down and taken up again, in another process and by a later version of this one. While
/// either happens, no hart runs and no request is under way.
/// </summary>
public interface ISnapshotable
{
    /// <summary>The part's name in a snapshot, as no other part of its machine has it. It never changes.</summary>
    string SnapshotName { get; }

    /// <summary>The version of what <see cref="Save"/> writes. It grows with each change, and <see cref="Load"/> reads all older ones.</summary>
    int SnapshotVersion { get; }

    /// <summary>Writes the state.</summary>
    void Save(SnapshotWriter writer);

    /// <summary>Takes the state up again. The part is as it was after its constructor.</summary>
    /// <param name="reader">What <see cref="Save"/> wrote, once.</param>
    /// <param name="version">The version that it was written by; at most <see cref="SnapshotVersion"/>.</param>
    /// <exception cref="SnapshotException">It makes no sense.</exception>
    void Load(SnapshotReader reader, int version);
}
