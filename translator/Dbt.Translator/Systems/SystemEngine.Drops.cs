using Dbt.Isa.Systems;
using Dbt.Translator.Engines;

namespace Dbt.Translator.Systems;

// Translations that are dropped, and the safe points behind which nobody has them.
public abstract unsafe partial class SystemEngine
{
    // Starts of the blocks that were dropped last, in a ring: by the number of their drop.
    private const int LogLength = 1024;

    private readonly ulong[] _log = new ulong[LogLength];
    private readonly Queue<DroppedMemory> _dropped = new();
    private readonly Dictionary<ulong, long> _unsettled = [];
    private long _drops;
    private long _watches;

    /// <summary>Drops the blocks in the physical pages that a range touches. Returns at once: running harts see it at their next instruction fence, as the architecture says.</summary>
    /// <inheritdoc/>
    public void Invalidate(ulong start, ulong length)
    {
        if (length == 0)
            return;
        lock (Gate)
        {
            var first = start & ~(TlbEntry.PageSize - 1);
            for (var page = first; page - first <= start - first + (length - 1); page += TlbEntry.PageSize)
                foreach (var block in Cache.BlocksIn(page).ToArray())
                    Remove(block);
        }
    }

    /// <summary>Drops the blocks that other threads may have changed unreported.</summary>
    /// <inheritdoc/>
    public void InvalidateChanged() => DropChanged(null);

    /// <summary>Whether a physical page has translations: stores to it must be reported.</summary>
    public bool HasCode(ulong physical)
    {
        lock (Gate)
            return Cache.HasPage(physical);
    }

    // Nothing of this hart points to a translation here.
    private void PassSafePoint(SystemContext context)
    {
        var drops = Volatile.Read(ref _drops);
        if (context.SeenDrop == drops)
            return;
        lock (Gate)
        {
            // Under the lock, what is logged stays.
            drops = _drops;
            if (drops - context.SeenDrop > LogLength)
                context.Forget();
            else
                for (var drop = context.SeenDrop; drop < drops; drop++)
                    context.ForgetBlock(_log[drop % LogLength]);
            context.Counts = Counts;
            context.State->Current = null;
            context.State->LeftThrough = null;
            Volatile.Write(ref context.SeenDrop, drops);
            FreeDropped();
        }
    }

    private static ulong NextPage(ulong pc) => (pc | TlbEntry.PageSize - 1) + 1;

    private void Watch(SystemContext context, ulong physical)
    {
        var page = physical & ~(TlbEntry.PageSize - 1);
        if (Cache.HasPage(page))
            return;
        context.System.WatchCode(page);
        if (_contexts.Count > 1)
            _unsettled[page] = ++_watches;
    }

    // Other harts may have stored to code unreported for a while after it was first translated.
    private void DropChanged(SystemContext? executing)
    {
        lock (Gate)
        {
            var settled = long.MaxValue;
            foreach (var other in _contexts)
                if (other != executing && other.IsRunning)
                    settled = Math.Min(settled, Volatile.Read(ref other.SeenWatch));
            foreach (var (page, watch) in _unsettled.ToArray())
            {
                foreach (var block in Cache.BlocksIn(page).ToArray())
                    if (!IsCurrent(_contexts[0].System, block))
                        Remove(block);
                if (watch <= settled)
                    _unsettled.Remove(page);
            }
        }
    }

    private static bool IsCurrent(ISystemHart system, SystemBlock block)
    {
        var source = block.SourceBytes;
        var first = block.Tail == 0 ? source.Length : (int)(NextPage(block.Start) - block.Start);
        return system.ReadPhysical(block.Physical, first).SequenceEqual(source[..first])
            && (block.Tail == 0 || system.ReadPhysical(block.Tail, source.Length - first).SequenceEqual(source[first..]));
    }

    private void Remove(SystemBlock block)
    {
        Unlink(block);
        Cache.Remove(block);
        _log[_drops % LogLength] = block.Start;
        Volatile.Write(ref _drops, _drops + 1);
        _invalidations++;
    }

    private void Evict()
    {
        UnlinkAll();
        DisposeLater(Cache.RemoveAll());
        // More than the log has.
        Volatile.Write(ref _drops, _drops + LogLength + 1);
        _evictions++;
        // Its memory is freed when all harts have left it.
        foreach (var context in _contexts)
            SystemAccess.Request(context.Header, SystemAttention.Requested);
    }

    /// <summary>Disposes something when every hart that runs now has passed a safe point. Under <see cref="Gate"/>, before the drop is counted.</summary>
    private protected void DisposeLater(IDisposable memory) => _dropped.Enqueue(new DroppedMemory(_drops + 1, memory));

    // Whatever does not count is dropped; from its next safe point on, each hart runs code that does.
    private void BeginToCount()
    {
        if (Counts)
            return;
        lock (Gate)
        {
            if (Counts)
                return;
            _mustCount = true;
            Evict();
        }
    }

    private void FreeDropped()
    {
        while (_dropped.TryPeek(out var old)
            && _contexts.TrueForAll(context => !context.IsRunning || Volatile.Read(ref context.SeenDrop) >= old.Drop))
            _dropped.Dequeue().Memory.Dispose();
    }
}
