namespace Dbt.Translator.Engines;

// Translations that are dropped, and the safe points behind which nobody has them.
public abstract unsafe partial class TranslatingEngine<TBlock>
{
    // Nothing of this hart points to a translation here.
    private void PassSafePoint(HartContext context)
    {
        // In this order: a hart never waits for a drop that it has not seen itself, so no two harts wait for each other.
        var evictionBeforeLast = Volatile.Read(ref _evictionBeforeLast);
        var drops = Volatile.Read(ref _drops);
        if (context.SeenDrop == drops)
            return;
        context.Forget();
        context.Counts = Counts;
        context.State->Current = null;
        context.State->LeftThrough = null;
        Volatile.Write(ref context.SeenDrop, drops);
        bool waiting;
        lock (Gate)
        {
            waiting = _waiting > 0;
            FreeDropped();
        }
        if (waiting)
            ReportSafePoint();
        // Who evicts again and again must not run away from a hart that the host gives no time to: memory would grow without bound.
        AwaitSafePoints(evictionBeforeLast);
    }

    // Under the gate.
    private void FreeDropped()
    {
        while (_dropped.TryPeek(out var old)
            && _running.TrueForAll(hart => Volatile.Read(ref hart.SeenDrop) >= old.Drop)
            && !_callers.Exists(hart => hart.IsInCall && Volatile.Read(ref hart.SeenDrop) < old.Drop))
            _dropped.Dequeue().Memory.Dispose();
    }

    // Waits until no other thread's hart can be executing what was dropped.
    private void AwaitSafePoints(long drop)
    {
        List<HartContext> behind;
        lock (Gate)
        {
            behind = _running.FindAll(context => IsBehind(context, drop));
            behind.AddRange(_callers.FindAll(context => IsBehind(context, drop)));
            if (behind.Count == 0)
                return;
            _waiting++;
            SeeCalls();
            foreach (var context in behind)
                context.Hart.Poll.Request();
        }
        lock (_safePoint)
        {
            while (behind.Exists(context => IsBehind(context, drop)))
                Monitor.Wait(_safePoint);
        }
        lock (Gate)
            _waiting--;
    }

    private void ReportSafePoint()
    {
        lock (_safePoint)
            Monitor.PulseAll(_safePoint);
    }

    // Whether a hart may still execute what was dropped. The calling thread's own is where it called from.
    private static bool IsBehind(HartContext context, long drop) =>
        (context.IsInCall ? context.CallingThread : context.RunningThread) is not 0 and var thread
        && thread != Environment.CurrentManagedThreadId && Volatile.Read(ref context.SeenDrop) < drop;

    private void DropChanged()
    {
        if (_code != null)
            Drop(Cache.RemoveChanged(_code), Upper?.DropChanged(_code) == true);
    }

    private void Drop(List<TBlock> blocks, bool above)
    {
        if (blocks.Count > 0)
            Unlink(blocks);
        else if (!above)
            return;
        _invalidations += blocks.Count;
        CountDrop();
    }

    private protected void CountDrop()
    {
        Volatile.Write(ref _drops, _drops + 1);
        SeeCalls();
    }

    private void Evict()
    {
        Upper?.DropAll();
        UnlinkAll();
        DisposeLater(Cache.RemoveAll());
        _evictions++;
        CountDrop();
        Volatile.Write(ref _evictionBeforeLast, _lastEviction);
        _lastEviction = _drops;
        // Its memory is freed when all harts have left it.
        RequestPolls();
    }

    // Under the gate.
    private void RequestPolls()
    {
        foreach (var context in _running)
            context.Hart.Poll.Request();
        foreach (var context in _callers)
            if (context.IsInCall)
                context.Hart.Poll.Request();
    }

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
}
