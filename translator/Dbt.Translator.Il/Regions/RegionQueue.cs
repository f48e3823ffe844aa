namespace Dbt.Translator.Il.Regions;

/// <summary>Places by how often slices ended there. Safe from any thread.</summary>
internal sealed class RegionQueue
{
    private readonly Dictionary<ulong, int> _samples = [];
    private bool _closed;

    /// <summary>Nothing is taken any more.</summary>
    public bool IsClosed => Volatile.Read(ref _closed);

    /// <summary>Counts a sample and gives how many there are of its place.</summary>
    public int Add(ulong pc)
    {
        lock (_samples)
        {
            var count = _samples.GetValueOrDefault(pc) + 1;
            _samples[pc] = count;
            Monitor.Pulse(_samples);
            return count;
        }
    }

    /// <summary>Takes the place with the most samples, and waits a while for one that has enough.</summary>
    public bool TryTake(int least, TimeSpan wait, out ulong pc)
    {
        lock (_samples)
        {
            for (var waited = false; ; waited = true)
            {
                pc = 0;
                if (_closed)
                    return false;
                var most = least - 1;
                foreach (var (place, count) in _samples)
                    if (count > most)
                        (pc, most) = (place, count);
                if (most >= least)
                {
                    _samples.Remove(pc);
                    return true;
                }
                if (waited || !Monitor.Wait(_samples, wait))
                    return false;
            }
        }
    }

    /// <summary>Lets nobody wait any more.</summary>
    public void Close()
    {
        lock (_samples)
        {
            _closed = true;
            Monitor.PulseAll(_samples);
        }
    }
}
