namespace Dbt.Fuzz.Programs;

/// <summary>
/// Where a batch of programs lies, under QEMU and here alike. Each program has a slot: memory to work on, and images of its registers,
/// which are loaded before and stored after it. Offsets are from the middle of the slot's memory, where <see cref="BaseRegister"/> points.
/// Addresses stay below 2^31, so that they can be made by lui and addi with both register widths.
/// </summary>
internal static class Layout
{
    public const ulong Code = 0x10_0000;
    public const ulong CodeEnd = Data;
    public const ulong Data = 0x100_0000;
    public const ulong MemoryEnd = 0x400_0000;

    /// <summary>Four pages, not under QEMU: read-only, writable, inaccessible, writable; nothing around them.</summary>
    public const ulong Edges = 0x300_0000;
    public const ulong EdgesEnd = Edges + 4 * Page;
    public const ulong Page = 4096;

    public const int SlotSize = 2048;

    /// <summary>Memory reaches this far to both sides of the middle; the middles of every second slot lie on a page border.</summary>
    public const int Reach = 512;

    /// <summary>Offset of the image of x0; registers are 8 bytes apart at either width.</summary>
    public const int Integers = Reach;

    /// <summary>Offset of the image of f0.</summary>
    public const int Floats = Integers + 32 * 8;

    /// <summary>Offset of the image of fcsr.</summary>
    public const int Fcsr = Floats + 32 * 8;

    /// <summary>Offset of a word that nobody reads.</summary>
    public const int Spare = Fcsr + 8;

    /// <summary>Offset of room for code that a program writes.</summary>
    public const int Written = Spare + 8;

    /// <summary>Instructions that fit there.</summary>
    public const int WrittenLength = 64;

    /// <summary>Holds the middle's address; never written by a program. gp, since no instruction treats it specially.</summary>
    public const int BaseRegister = 3;

    /// <summary>Holds the program's address when it begins.</summary>
    public const int EntryRegister = 31;

    /// <summary>Most programs in a batch.</summary>
    public const int MaximumPrograms = 1024;

    /// <summary>What the data segment begins with is unused: a middle must lie on a page border.</summary>
    public static int DataLength(int programs) => SlotSize + programs * SlotSize;

    /// <summary>The middle of a program's memory.</summary>
    public static ulong Middle(int index) => Data + SlotSize + (ulong)index * SlotSize;

    /// <summary>Where a slot begins in the data segment.</summary>
    public static int Slot(int index) => SlotSize - Reach + index * SlotSize;
}
