using System.Runtime.InteropServices;

namespace Dbt.Translator.Il.Regions;

/// <summary>
/// A way into a region, in unmanaged memory, or out of translated code. Whoever takes it hands over its address, so that regions with several entries know
/// which one is meant. What code reads never changes, so no hart can see one half of it old and the other half new.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct RegionWay
{
    /// <summary>The region's code, or the stub that leaves.</summary>
    public void* Code;

    /// <summary>Guest address.</summary>
    public ulong Target;

    /// <summary>Entry index.</summary>
    public long Index;

    /// <summary>How often the engine took it. Not exact when several harts count.</summary>
    public uint Entries;

    /// <summary>When that was looked at last; 0 before.</summary>
    public long Checked;
}
