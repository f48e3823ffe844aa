namespace Dbt.Isa;

/// <summary>A set of extensions of one guest, by <see cref="ExtensionInfo.Index"/>.</summary>
/// <remarks>
/// Not a UInt128: ReadyToRun compiles nothing that has one in it, and the decoder and each hart have such a set.
/// </remarks>
/// <param name="Low">Bit n is the extension with index n.</param>
/// <param name="High">Bit n is the extension with index 64 + n.</param>
public readonly record struct ExtensionSet(ulong Low, ulong High = 0)
{
    /// <summary>Whether the extension with this index (0 to 127) is in the set.</summary>
    public bool Contains(int index) => Contains(Only(index));

    /// <summary>Whether all of the other set's extensions are in this one.</summary>
    public bool Contains(ExtensionSet other) => (Low & other.Low) == other.Low && (High & other.High) == other.High;

    /// <summary>The set with one more extension.</summary>
    public ExtensionSet With(int index) => new(Low | Only(index).Low, High | Only(index).High);

    /// <summary>The set with one extension less.</summary>
    public ExtensionSet Without(int index) => new(Low & ~Only(index).Low, High & ~Only(index).High);

    private static ExtensionSet Only(int index) => index < 64 ? new(1UL << index) : new(0, 1UL << index - 64);
}
