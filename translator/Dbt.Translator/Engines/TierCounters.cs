using System.Diagnostics;
using Dbt.Isa;

namespace Dbt.Translator.Engines;

/// <summary>What one tier did for a hart, or for all. Not thread-safe.</summary>
internal sealed class TierCounters
{
    private readonly long[] _exits = new long[(int)ExitReason.WaitForInterrupt + 1];
    private long _entries;
    private long _ticks;

    /// <summary>Guest instructions.</summary>
    public long Instructions { get; set; }

    /// <summary>It was entered once and left for a reason.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="started">When, as <see cref="Stopwatch"/> tells it; 0 when nobody wants to know.</param>
    public void Count(ExitReason reason, long started)
    {
        _entries++;
        _exits[(int)reason]++;
        if (started != 0)
            _ticks += Stopwatch.GetTimestamp() - started;
    }

    /// <summary>Adds what it counted to another one and forgets it.</summary>
    public void MoveTo(TierCounters total)
    {
        if (_entries == 0)
            return;
        total.Instructions += Instructions;
        total._entries += _entries;
        total._ticks += _ticks;
        for (var i = 0; i < _exits.Length; i++)
            total._exits[i] += _exits[i];
        Instructions = _entries = _ticks = 0;
        Array.Clear(_exits);
    }

    /// <summary>The counts, for people.</summary>
    public TierStatistics Describe(string name)
    {
        var exits = new List<KeyValuePair<ExitReason, long>>();
        for (var i = 0; i < _exits.Length; i++)
            if (_exits[i] != 0)
                exits.Add(new((ExitReason)i, _exits[i]));
        exits.Sort((a, b) => b.Value.CompareTo(a.Value));
        return new TierStatistics
        {
            Name = name,
            Instructions = Instructions,
            Entries = _entries,
            Time = Stopwatch.GetElapsedTime(0, _ticks),
            Exits = exits,
        };
    }
}
