namespace Dbt.Generators.Spec.Model;

/// <summary>Bits of a state word with a meaning of their own.</summary>
/// <param name="Name">As in the manual.</param>
/// <param name="Low">Lowest bit.</param>
/// <param name="Width">Number of bits.</param>
/// <param name="Rule">What writes through a csr do to it.</param>
/// <param name="Values">The rule's values.</param>
/// <param name="Source">The field that <see cref="StateFieldRule.When"/> looks at.</param>
internal sealed record StateFieldModel(string Name, int Low, int Width, StateFieldRule Rule, EquatableArray<long> Values, string Source)
{
    /// <summary>The field's bits in its word.</summary>
    public ulong Mask => (Width == 64 ? ulong.MaxValue : (1UL << Width) - 1) << Low;
}
