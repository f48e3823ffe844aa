namespace Dbt.Embedding.Machines;

/// <summary>A directory of the host that a machine can mount, by 9p. The guest has this process's rights in it, and none outside.</summary>
/// <param name="Directory">The directory.</param>
/// <param name="Tag">The name that the guest mounts it by.</param>
public sealed record MachineFolder(string Directory, string Tag)
{
    /// <summary>Whether the guest may only read.</summary>
    public bool IsReadOnly { get; init; }
}
