namespace Dbt.Isa;

/// <summary>A set of extensions of one guest, by <see cref="ExtensionInfo.Index"/>.</summary>
/// <param name="Bits">Bit n is the extension with index n.</param>
public readonly record struct ExtensionSet(UInt128 Bits)
{
    /// <summary>Whether the extension with this index is in the set.</summary>
    public bool Contains(int index) => (Bits >> index & 1) != 0;

    /// <summary>Whether all of the other set's extensions are in this one.</summary>
    public bool Contains(ExtensionSet other) => (Bits & other.Bits) == other.Bits;

    /// <summary>The set with one more extension.</summary>
    public ExtensionSet With(int index) => new(Bits | UInt128.One << index);

    /// <summary>The set with one extension less.</summary>
    public ExtensionSet Without(int index) => new(Bits & ~(UInt128.One << index));
}
