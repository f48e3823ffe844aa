using Dbt.Runtime.Memory;

namespace Dbt.Runtime.Elf;

/// <summary>A program header.</summary>
/// <param name="Index">Its number in the table, from 0.</param>
/// <param name="Type">What it is for.</param>
/// <param name="Protection">What the guest may do with it.</param>
/// <param name="Offset">First byte in the file.</param>
/// <param name="Address">First virtual address.</param>
/// <param name="FileSize">Bytes in the file.</param>
/// <param name="MemorySize">Bytes in memory; those that are not in the file are zero.</param>
/// <param name="Alignment">Of the address; a power of two, or 0.</param>
public sealed record ElfSegment(
    int Index,
    ElfSegmentType Type,
    MemoryProtection Protection,
    ulong Offset,
    ulong Address,
    ulong FileSize,
    ulong MemorySize,
    ulong Alignment)
{
    /// <summary>Bytes of an entry in the table (e_phentsize).</summary>
    public const int EntrySize = 56;

    /// <summary>First physical address (p_paddr): where programs without an operating system are loaded.</summary>
    public ulong PhysicalAddress { get; init; }

    /// <summary>First virtual address behind it.</summary>
    public ulong End => Address + MemorySize;
}
