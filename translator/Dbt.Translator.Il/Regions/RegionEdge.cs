namespace Dbt.Translator.Il.Regions;

/// <summary>A way from one block of a region to another, or out of the region.</summary>
/// <param name="pc">Guest address where it leads.</param>
internal sealed class RegionEdge(ulong pc)
{
    /// <summary>Guest address where it leads.</summary>
    public ulong Pc => pc;

    /// <summary>The block there; null when that is outside.</summary>
    public RegionBlock? Block { get; set; }

    /// <summary>Whether it leads back: whoever goes round passes here.</summary>
    public bool IsBack { get; set; }
}
