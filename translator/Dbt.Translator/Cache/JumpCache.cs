using System.Runtime.InteropServices;
using Dbt.Isa;

namespace Dbt.Translator.Cache;

/// <summary>A hart's table from guest pc to translation, see <see cref="JumpCacheEntry"/>. Touched by the thread that runs the hart only.</summary>
public sealed unsafe class JumpCache : IDisposable
{
    /// <summary>Entries where compiled code runs a whole system: its working set is many times that of a program.</summary>
    public const int SystemCount = 16384;

    private const int PageFilterBits = 4096;

    private readonly int _count;
    private JumpCacheEntry* _entries;
    private bool _isEmpty;

    // A bit for each page that pcs may be of, by its number: most pages that are forgotten have none.
    private readonly ulong[] _pages = new ulong[PageFilterBits / 64];

    /// <summary>An empty table.</summary>
    /// <param name="count">Number of entries: a power of two that those who look into it know.</param>
    public JumpCache(int count = JumpCacheEntry.Count)
    {
        _count = count;
        _entries = (JumpCacheEntry*)NativeMemory.AlignedAlloc((nuint)(count * sizeof(JumpCacheEntry)), 64);
        Clear();
    }

    /// <summary>Frees a table that nobody disposed.</summary>
    ~JumpCache() => Free();

    /// <summary>The entries, for <see cref="HartHeader.JumpCache"/>.</summary>
    public JumpCacheEntry* Entries => _entries;

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        if (_isEmpty)
            return;
        for (var i = 0; i < _count; i++)
            _entries[i] = new JumpCacheEntry { Pc = JumpCacheEntry.Empty };
        Array.Clear(_pages);
        _isEmpty = true;
    }

    /// <summary>Enters a translation.</summary>
    public void Add(ulong pc, void* target)
    {
        *EntryOf(pc) = new JumpCacheEntry { Pc = pc, Target = target };
        _isEmpty = false;
        var page = pc / GuestPage.Size % PageFilterBits;
        _pages[page / 64] |= 1UL << (int)page;
    }

    /// <summary>Finds a translation.</summary>
    public bool TryFind(ulong pc, out void* target)
    {
        var entry = EntryOf(pc);
        target = entry->Target;
        return entry->Pc == pc;
    }

    /// <summary>Forgets one pc.</summary>
    public void Remove(ulong pc)
    {
        var entry = EntryOf(pc);
        if (entry->Pc == pc)
            entry->Pc = JumpCacheEntry.Empty;
    }

    /// <summary>Forgets the pcs of one page, and one that may go on in it from the page before.</summary>
    /// <param name="page">Its first address.</param>
    public void RemovePage(ulong page)
    {
        Remove(page - 2);
        var number = page / GuestPage.Size % PageFilterBits;
        if ((_pages[number / 64] >> (int)number & 1) == 0)
            return;
        // A page's pcs lie in a row in the table. Those of other pages may be among them, so the bit stays.
        var entry = EntryOf(page);
        for (var end = entry + GuestPage.Size / 2; entry < end; entry++)
            if (entry->Pc - page < GuestPage.Size)
                entry->Pc = JumpCacheEntry.Empty;
    }

    /// <summary>Frees the table.</summary>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private JumpCacheEntry* EntryOf(ulong pc) => _entries + (pc >> 1 & (uint)_count - 1);

    private void Free()
    {
        NativeMemory.AlignedFree(_entries);
        _entries = null;
    }
}
