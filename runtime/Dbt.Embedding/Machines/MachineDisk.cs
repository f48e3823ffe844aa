namespace Dbt.Embedding.Machines;

/// <summary>A disk of a machine, with a raw image.</summary>
/// <param name="Path">The image: a file or a block device of the host.</param>
public sealed record MachineDisk(string Path)
{
    /// <summary>Whether the guest may only read.</summary>
    public bool IsReadOnly { get; init; }
}
