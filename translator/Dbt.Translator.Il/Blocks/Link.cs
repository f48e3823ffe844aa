using System.Runtime.InteropServices;

namespace Dbt.Translator.Il.Blocks;

/// <summary>
/// A direct jump out of a compiled block, in unmanaged memory: compiled code jumps to whatever <see cref="Entry"/> says and hands over the
/// link's address. Resolved links are in a ring with the others that lead to the same block, so that dropping it can reset them.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Link
{
    /// <summary>Entry of the target, or of the stub that leaves translated code with TranslationMiss.</summary>
    public void* Entry;

    /// <summary>Guest address of the target.</summary>
    public ulong Target;

    /// <summary>Next in the ring; itself when unresolved.</summary>
    public Link* Next;

    /// <summary>Previous in the ring; itself when unresolved.</summary>
    public Link* Previous;

    /// <summary>An unresolved link, or the head of an empty ring.</summary>
    public static void Initialize(Link* link, void* stub, ulong target) =>
        *link = new Link { Entry = stub, Target = target, Next = link, Previous = link };

    /// <summary>Resolves a link.</summary>
    public static void Resolve(Link* link, Link* ring, void* entry)
    {
        Unlink(link);
        link->Next = ring->Next;
        link->Previous = ring;
        ring->Next->Previous = link;
        ring->Next = link;
        Volatile.Write(ref *(nint*)&link->Entry, (nint)entry);
    }

    /// <summary>Makes a link unresolved again.</summary>
    public static void Reset(Link* link, void* stub)
    {
        Unlink(link);
        Volatile.Write(ref *(nint*)&link->Entry, (nint)stub);
    }

    private static void Unlink(Link* link)
    {
        link->Previous->Next = link->Next;
        link->Next->Previous = link->Previous;
        link->Next = link->Previous = link;
    }
}
