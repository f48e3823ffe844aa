using System.Runtime.InteropServices;

namespace Dbt.Runtime.Machine.Net;

/// <summary>Waits for descriptors of the host: poll(2), without garbage.</summary>
internal sealed unsafe partial class Poller
{
    /// <summary>What may be waited for, and what came of it: errors and hang-ups are always reported.</summary>
    public const short In = 1, Out = 4, Error = 8, HangUp = 16;

    private Entry[] _entries = GC.AllocateArray<Entry>(64, pinned: true);
    private int _count;

    /// <summary>Forgets all descriptors.</summary>
    public void Clear() => _count = 0;

    /// <summary>Adds a descriptor and returns its index.</summary>
    public int Add(int descriptor, short events)
    {
        if (_count == _entries.Length)
        {
            var larger = GC.AllocateArray<Entry>(_count * 2, pinned: true);
            _entries.CopyTo(larger, 0);
            _entries = larger;
        }
        _entries[_count] = new Entry { Descriptor = descriptor, Events = events };
        return _count++;
    }

    /// <summary>Waits.</summary>
    /// <param name="milliseconds">At most so long; negative: until something happens.</param>
    public void Wait(int milliseconds)
    {
        fixed (Entry* entries = _entries)
        {
            if (Poll(entries, (nuint)_count, milliseconds) >= 0)
                return;
        }
        foreach (ref var entry in _entries.AsSpan(0, _count))
            entry.Returned = 0;
    }

    /// <summary>What happened to the descriptor of that index.</summary>
    public short Events(int index) => _entries[index].Returned;

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll(Entry* entries, nuint count, int timeout);

    private struct Entry
    {
        public int Descriptor;
        public short Events, Returned;
    }
}
