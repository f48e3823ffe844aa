using System.Runtime.InteropServices;
using Dbt.Isa;

namespace Dbt.Translator.Cache;

/// <summary>A hart's table from guest pc to translation, see <see cref="JumpCacheEntry"/>. Touched by the thread that runs the hart only.</summary>
public sealed unsafe class JumpCache : IDisposable
{
    private JumpCacheEntry* _entries;
    private bool _isEmpty;

    /// <summary>An empty table.</summary>
    public JumpCache()
    {
        _entries = (JumpCacheEntry*)NativeMemory.AlignedAlloc((nuint)(JumpCacheEntry.Count * sizeof(JumpCacheEntry)), 64);
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
        for (var i = 0; i < JumpCacheEntry.Count; i++)
            _entries[i] = new JumpCacheEntry { Pc = JumpCacheEntry.Empty };
        _isEmpty = true;
    }

    /// <summary>Enters a translation.</summary>
    public void Add(ulong pc, void* target)
    {
        *EntryOf(pc) = new JumpCacheEntry { Pc = pc, Target = target };
        _isEmpty = false;
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

    /// <summary>Forgets the pcs of one page of so many bytes, and one that may go on in it from the page before.</summary>
    public void RemovePage(ulong page, ulong bytes)
    {
        if (_isEmpty)
            return;
        // A page's pcs lie in a row in the table.
        var entry = EntryOf(page);
        for (var end = entry + (int)bytes / 2; entry < end; entry++)
            if ((entry->Pc & ~(bytes - 1)) == page)
                entry->Pc = JumpCacheEntry.Empty;
        Remove(page - 2);
    }

    /// <summary>Frees the table.</summary>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private JumpCacheEntry* EntryOf(ulong pc) => _entries + (pc >> 1 & JumpCacheEntry.Count - 1);

    private void Free()
    {
        NativeMemory.AlignedFree(_entries);
        _entries = null;
    }
}
