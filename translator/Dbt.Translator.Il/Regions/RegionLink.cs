using System.Runtime.InteropServices;

namespace Dbt.Translator.Il.Regions;

/// <summary>
/// A direct jump out of a region, in unmanaged memory: it goes wherever <see cref="Way"/> leads, which one store changes.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct RegionLink
{
    /// <summary>Where it leads: another region's entry, or <see cref="Out"/>.</summary>
    public RegionWay* Way;

    /// <summary>Leads out of translated code.</summary>
    public RegionWay Out;
}
