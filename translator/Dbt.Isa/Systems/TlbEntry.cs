using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Dbt.Isa.Systems;

/// <summary>
/// One entry of a hart's software TLB: a direct-mapped table from guest virtual page to host memory, read by translated code. A page that
/// is not plain memory for an access (a device's, or one with translated code for stores) never has a tag for it.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct TlbEntry
{
    /// <summary>Number of entries in every table; a power of two.</summary>
    public const int Count = 4096;

    /// <summary>Bits of an address within a page.</summary>
    public const int PageBits = 12;

    /// <summary>Bytes in a page.</summary>
    public const ulong PageSize = 1UL << PageBits;

    /// <summary>A tag that no page has.</summary>
    public const ulong NoPage = ulong.MaxValue;

    /// <summary>The page that may be loaded from: its first address.</summary>
    public ulong LoadTag;

    /// <summary>The page that may be stored to.</summary>
    public ulong StoreTag;

    /// <summary>What makes a host address of an address in the page, when it is added.</summary>
    public byte* Addend;

    /// <summary>Guest physical address of the page.</summary>
    public ulong Physical;

    /// <summary>Where an address is, if it is in the table.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TlbEntry* Find(TlbEntry* table, ulong address) => table + (address >> PageBits & Count - 1);

    /// <summary>What the tag must be for an access: the page of its last byte, which differs from the entry's when it crosses into the next page.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong PageOfEnd(ulong address, int bytes) => address + (ulong)(bytes - 1) & ~(PageSize - 1);
}
