using System.Runtime.InteropServices;
using Dbt.Isa.Systems;

namespace Dbt.Runtime.Machine.Harts.Riscv;

/// <summary>A hart's software TLBs: one for each way in which it may access data, so that changing the way costs a pointer.</summary>
internal sealed unsafe class TlbTables : IDisposable
{
    /// <summary>U; S; S that may access U's pages; M.</summary>
    public const int Count = 4;

    // Entries that may be valid, by their number in all tables; when there are more than fit, all may be.
    private readonly int[] _filled = new int[TlbEntry.Count];
    private TlbEntry* _tables;
    private int _filledCount = int.MaxValue;

    // Pages of the addresses that were entered from superpages: a fence of one address in there means all of them.
    private ulong _largeFirst = ulong.MaxValue;
    private ulong _largeLast;

    public TlbTables()
    {
        _tables = (TlbEntry*)NativeMemory.AlignedAlloc((nuint)(Count * TlbEntry.Count * sizeof(TlbEntry)), 64);
        Flush();
    }

    ~TlbTables() => NativeMemory.AlignedFree(_tables);

    /// <summary>One of the tables.</summary>
    public TlbEntry* this[int table] => _tables + table * TlbEntry.Count;

    /// <summary>Forgets everything.</summary>
    public void Flush()
    {
        if (_filledCount > _filled.Length)
            for (var i = 0; i < Count * TlbEntry.Count; i++)
                _tables[i].LoadTag = _tables[i].StoreTag = TlbEntry.NoPage;
        else
            foreach (var i in _filled.AsSpan(0, _filledCount))
                _tables[i].LoadTag = _tables[i].StoreTag = TlbEntry.NoPage;
        _filledCount = 0;
        (_largeFirst, _largeLast) = (ulong.MaxValue, 0);
    }

    /// <summary>Forgets one page; false when only forgetting everything will do.</summary>
    public bool TryFlush(ulong address)
    {
        var page = address & ~(TlbEntry.PageSize - 1);
        if (page >= _largeFirst && page <= _largeLast)
            return false;
        for (var table = 0; table < Count; table++)
        {
            var entry = TlbEntry.Find(this[table], page);
            if (entry->LoadTag == page)
                entry->LoadTag = TlbEntry.NoPage;
            if (entry->StoreTag == page)
                entry->StoreTag = TlbEntry.NoPage;
        }
        return true;
    }

    /// <summary>Stores to a physical page must be seen from now on.</summary>
    public void Watch(ulong physical)
    {
        if (_filledCount > _filled.Length)
            for (var i = 0; i < Count * TlbEntry.Count; i++)
                Watch(_tables + i, physical);
        else
            foreach (var i in _filled.AsSpan(0, _filledCount))
                Watch(_tables + i, physical);
    }

    /// <summary>An entry is about to be filled.</summary>
    public void NoteFilled(TlbEntry* entry)
    {
        if (_filledCount > _filled.Length || entry->LoadTag != TlbEntry.NoPage || entry->StoreTag != TlbEntry.NoPage)
            return;
        if (_filledCount < _filled.Length)
            _filled[_filledCount] = (int)(entry - _tables);
        _filledCount++;
    }

    /// <summary>Takes note that a page is part of a larger one.</summary>
    public void NoteLarge(ulong address, ulong size)
    {
        var first = address & ~(size - 1);
        _largeFirst = Math.Min(_largeFirst, first);
        _largeLast = Math.Max(_largeLast, first + (size - 1));
    }

    private static void Watch(TlbEntry* entry, ulong physical)
    {
        if (entry->Physical == physical)
            entry->StoreTag = TlbEntry.NoPage;
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_tables);
        _tables = null;
        GC.SuppressFinalize(this);
    }
}
