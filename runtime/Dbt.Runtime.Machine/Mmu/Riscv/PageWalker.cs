using Dbt.Isa;
using Dbt.Runtime.Machine.Bus;
using static Dbt.Runtime.Machine.Mmu.Riscv.PageTableEntry;

namespace Dbt.Runtime.Machine.Mmu.Riscv;

/// <summary>Walks page tables (Privileged Manual, "Virtual Address Translation Process"). The tables are the guest's, hostile, and may change meanwhile.</summary>
/// <param name="memory">Where they are.</param>
/// <param name="protection">What S mode may access there.</param>
internal sealed unsafe class PageWalker(PhysicalMemory memory, PhysicalProtection protection)
{
    private const int PageBits = 12;
    private const int IndexBits = 9;

    // satp.MODE
    private const int Bare = 0, Sv39 = 8;

    /// <summary>What an address leads to.</summary>
    public Translation Translate(ulong address, in TranslationRequest request)
    {
        var mode = (int)(request.Satp >> 60);
        if (request.Privilege == 3 || mode == Bare)
            return new(TranslationOutcome.Found, address, Read | Write | Execute | Dirty, ulong.MaxValue);
        var levels = mode - Sv39 + 3;
        var unused = 64 - (PageBits + levels * IndexBits);
        if ((ulong)((long)(address << unused) >> unused) != address)
            return Fault(TranslationOutcome.PageFault);
        // Another hart may change an entry between our reading it and our setting bits of it: then from the beginning.
        for (; ; )
        {
            if (Walk(address, levels, request) is { } translation)
                return translation;
        }
    }

    private Translation? Walk(ulong address, int levels, in TranslationRequest request)
    {
        var table = (request.Satp & (1UL << 44) - 1) << PageBits;
        for (var level = levels - 1; ; level--)
        {
            var index = address >> PageBits + level * IndexBits & (1 << IndexBits) - 1;
            var place = table + index * sizeof(ulong);
            if (!memory.IsRam(place, sizeof(ulong)) || !protection.Allows(place, sizeof(ulong), AccessKind.Read, 1))
                return Fault(TranslationOutcome.AccessFault);
            var host = (ulong*)(memory.Ram + (place - memory.RamStart));
            var entry = Volatile.Read(ref *host);
            if ((entry & Valid) == 0 || (entry & (Read | Write)) == Write || (entry & Reserved) != 0)
                return Fault(TranslationOutcome.PageFault);
            if ((entry & (Read | Execute)) != 0)
                return Leaf(address, host, entry, level, request);
            if (level == 0 || (entry & (User | Accessed | Dirty | MemoryType | Contiguous)) != 0)
                return Fault(TranslationOutcome.PageFault);
            table = (entry & PageNumber) << 2;
        }
    }

    private Translation? Leaf(ulong address, ulong* host, ulong entry, int level, in TranslationRequest request)
    {
        var rights = Rights(entry, request);
        var needed = request.Access switch { AccessKind.Read => Read, AccessKind.Write => Write, _ => Execute };
        if ((rights & needed) == 0 || !IsWellFormed(entry, level, request))
            return Fault(TranslationOutcome.PageFault);
        var marks = request.Access == AccessKind.Write ? Accessed | Dirty : Accessed;
        if ((entry & marks) != marks)
        {
            if (!request.UpdatesEntries || !protection.Allows(memory.RamStart + (ulong)((byte*)host - memory.Ram), sizeof(ulong), AccessKind.Write, 1))
                return Fault(request.UpdatesEntries ? TranslationOutcome.AccessFault : TranslationOutcome.PageFault);
            if (Interlocked.CompareExchange(ref *host, entry | marks, entry) != entry)
                return null;
            entry |= marks;
        }
        var bits = PageBits + level * IndexBits + ((entry & Contiguous) != 0 ? 4 : 0);
        var mask = (1UL << bits) - 1;
        var physical = (entry & PageNumber) << 2;
        return new(TranslationOutcome.Found, physical & ~mask | address & mask, rights | entry & Dirty, 1UL << bits);
    }

    // What this privilege may do with the page.
    private static ulong Rights(ulong entry, in TranslationRequest request)
    {
        var rights = entry & (Read | Write | Execute);
        if (request.ExecutableReadable && (rights & Execute) != 0)
            rights |= Read;
        return (request.Privilege, (entry & User) != 0) switch
        {
            (0, false) => 0,
            (1, true) => request.SupervisorUser ? rights & ~Execute : 0,
            _ => rights,
        };
    }

    private static bool IsWellFormed(ulong entry, int level, in TranslationRequest request)
    {
        var type = entry & MemoryType;
        if (type == MemoryType || type != 0 && !request.MemoryTypes)
            return false;
        var page = (entry & PageNumber) >> 10;
        // A group of 64 KiB is said by the page number's low bits being 1000.
        if ((entry & Contiguous) != 0)
            return level == 0 && (page & 0xF) == 8;
        return (page & (1UL << level * IndexBits) - 1) == 0;
    }

    private static Translation Fault(TranslationOutcome outcome) => new(outcome, 0, 0, 0);
}
