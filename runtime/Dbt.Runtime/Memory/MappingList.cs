namespace Dbt.Runtime.Memory;

/// <summary>The mappings of a window, sorted and without overlap; neighbours of one kind are merged. Not thread-safe.</summary>
internal sealed class MappingList
{
    private readonly List<MemoryMapping> _items = [];

    /// <summary>A copy of all mappings, by ascending address.</summary>
    public MemoryMapping[] ToArray() => [.. _items];

    /// <summary>The mapping that contains the address, or null.</summary>
    public MemoryMapping? Find(ulong address)
    {
        var index = FirstEndingAfter(address);
        return index < _items.Count && _items[index].Start <= address ? _items[index] : null;
    }

    /// <summary>Whether nothing is mapped in [start, end).</summary>
    public bool IsFree(ulong start, ulong end)
    {
        var index = FirstEndingAfter(start);
        return index == _items.Count || _items[index].Start >= end;
    }

    /// <summary>The parts of mappings that lie in [start, end), by ascending address.</summary>
    public List<MemoryMapping> Slices(ulong start, ulong end)
    {
        var slices = new List<MemoryMapping>();
        for (var i = FirstEndingAfter(start); i < _items.Count && _items[i].Start < end; i++)
            slices.Add(_items[i].Slice(Math.Max(start, _items[i].Start), Math.Min(end, _items[i].End)));
        return slices;
    }

    /// <summary>Removes [start, end) from all mappings; one that sticks out on both sides becomes two.</summary>
    public void Remove(ulong start, ulong end)
    {
        var first = FirstEndingAfter(start);
        var last = first;
        MemoryMapping? before = null, after = null;
        for (; last < _items.Count && _items[last].Start < end; last++)
        {
            var item = _items[last];
            if (item.Start < start)
                before = item.Slice(item.Start, start);
            if (item.End > end)
                after = item.Slice(end, item.End);
        }
        _items.RemoveRange(first, last - first);
        if (after is not null)
            _items.Insert(first, after);
        if (before is not null)
            _items.Insert(first, before);
    }

    /// <summary>Adds a mapping where there is none.</summary>
    public void Add(MemoryMapping mapping)
    {
        var index = FirstEndingAfter(mapping.Start);
        if (index < _items.Count && mapping.MergesWith(_items[index]))
        {
            mapping = mapping with { End = _items[index].End };
            _items.RemoveAt(index);
        }
        if (index > 0 && _items[index - 1].MergesWith(mapping))
            _items[index - 1] = _items[index - 1] with { End = mapping.End };
        else
            _items.Insert(index, mapping);
    }

    /// <summary>The highest free range of this length in [bottom, top); false when there is none.</summary>
    public bool TryFindFree(ulong length, ulong bottom, ulong top, out ulong start)
    {
        var end = top;
        for (var i = Math.Min(FirstEndingAfter(top), _items.Count - 1); ; i--)
        {
            var floor = i < 0 ? bottom : Math.Max(bottom, _items[i].End);
            if (end >= floor && end - floor >= length)
            {
                start = end - length;
                return true;
            }
            if (i < 0)
            {
                start = 0;
                return false;
            }
            end = Math.Min(end, _items[i].Start);
        }
    }

    // Index of the first mapping whose end lies above the address: the one that contains it, or else the next one.
    private int FirstEndingAfter(ulong address)
    {
        int low = 0, high = _items.Count;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_items[middle].End > address)
                high = middle;
            else
                low = middle + 1;
        }
        return low;
    }
}
