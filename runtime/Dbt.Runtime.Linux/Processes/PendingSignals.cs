using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace Dbt.Runtime.Linux.Processes;

/// <summary>
/// Signals that were sent and not yet taken. Of a standard signal one is kept, of a real-time signal (32 and above) all, in
/// their order. Not synchronised.
/// </summary>
internal sealed class PendingSignals
{
    // A guest must not fill the host's memory (Linux's RLIMIT_SIGPENDING).
    private const int Limit = 8192, FirstRealTime = 32;

    private readonly List<SignalInfo> _queue = [];

    /// <summary>Which are pending; bit n - 1 is signal n.</summary>
    public ulong Set { get; private set; }

    /// <summary>Adds one. False when there are too many.</summary>
    public bool TryAdd(SignalInfo info)
    {
        var bit = SignalTable.Bit(info.Signal);
        if ((Set & bit) != 0 && (int)info.Signal < FirstRealTime)
            return true;
        if (_queue.Count >= Limit)
            return false;
        Set |= bit;
        _queue.Add(info);
        return true;
    }

    /// <summary>Takes the first one of the lowest number that is not blocked.</summary>
    public bool TryTake(ulong blocked, [NotNullWhen(true)] out SignalInfo? info)
    {
        info = null;
        var free = Set & ~blocked;
        if (free == 0)
            return false;
        var signal = (Signal)(BitOperations.TrailingZeroCount(free) + 1);
        var index = _queue.FindIndex(pending => pending.Signal == signal);
        info = _queue[index];
        _queue.RemoveAt(index);
        if (!_queue.Exists(pending => pending.Signal == signal))
            Set &= ~SignalTable.Bit(signal);
        return true;
    }

    /// <summary>Forgets a signal.</summary>
    public void Remove(Signal signal)
    {
        Set &= ~SignalTable.Bit(signal);
        _queue.RemoveAll(pending => pending.Signal == signal);
    }
}
