namespace Dbt.Runtime.Machine.Mmu.Riscv;

/// <summary>Bits of a page table entry (Privileged Manual, "Sv39: Page-Based 39-bit Virtual-Memory System"; Svnapot, Svpbmt).</summary>
internal static class PageTableEntry
{
    public const ulong Valid = 1, Read = 2, Write = 4, Execute = 8, User = 0x10, Accessed = 0x40, Dirty = 0x80;

    /// <summary>Reserved for extensions that are not there.</summary>
    public const ulong Reserved = 0x7FUL << 54;

    /// <summary>Svpbmt's memory type; 3 is reserved.</summary>
    public const ulong MemoryType = 3UL << 61;

    /// <summary>Svnapot: one of a group of equal entries for 64 KiB.</summary>
    public const ulong Contiguous = 1UL << 63;

    /// <summary>The physical page number's bits.</summary>
    public const ulong PageNumber = ((1UL << 44) - 1) << 10;
}
