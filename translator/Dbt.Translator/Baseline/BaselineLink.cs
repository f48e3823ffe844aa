using System.Runtime.InteropServices;

namespace Dbt.Translator.Baseline;

/// <summary>
/// A direct jump out of a block, whose displacement is patched when its target is known. Resolved links are in a ring with the
/// others that lead to the same block, so that dropping it can reset them. In unmanaged memory.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct BaselineLink
{
    /// <summary>Guest address of the target. First, where stubs look for it.</summary>
    public ulong Target;

    /// <summary>Where <see cref="Target"/> is in a link.</summary>
    public const int TargetOffset = 0;

    /// <summary>The jump's displacement (32 bits, its last operand), as it is executed.</summary>
    public byte* Displacement;

    /// <summary>Where it leads while its target is not known.</summary>
    public byte* Unresolved;

    /// <summary>The next jump out of the same block; null for the last one.</summary>
    public BaselineLink* Sibling;

    /// <summary>Next in the ring; itself when unresolved.</summary>
    public BaselineLink* Next;

    /// <summary>Previous in the ring; itself when unresolved.</summary>
    public BaselineLink* Previous;

    /// <summary>An unresolved link, or the head of an empty ring.</summary>
    public static void Initialize(BaselineLink* link, ulong target, byte* displacement) =>
        *link = new BaselineLink { Target = target, Displacement = displacement, Next = link, Previous = link };

    /// <summary>Puts a link into the ring of its target.</summary>
    public static void Join(BaselineLink* link, BaselineLink* ring)
    {
        Leave(link);
        link->Next = ring->Next;
        link->Previous = ring;
        ring->Next->Previous = link;
        ring->Next = link;
    }

    /// <summary>Takes a link out of its ring.</summary>
    public static void Leave(BaselineLink* link)
    {
        link->Previous->Next = link->Next;
        link->Next->Previous = link->Previous;
        link->Next = link->Previous = link;
    }
}
