namespace Dbt.Lab.Code;

/// <summary>A run of executable bytes.</summary>
/// <param name="Name">As in the file, e.g. <c>.text</c>; empty when it has none.</param>
/// <param name="Address">Guest address of the first byte.</param>
/// <param name="Bytes">The bytes.</param>
internal sealed record CodeSection(string Name, ulong Address, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>First address behind it.</summary>
    public ulong End => Address + (ulong)Bytes.Length;
}
