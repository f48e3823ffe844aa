namespace Dbt.Translator.Engines;

// Calls: compiled code is entered without the lock that Run takes. A hart that makes calls says so once (under the lock), and from then on that it is in one by a
// plain store; whoever drops translations makes all threads of the process pass a barrier between the drop and its look at that. So a call either
// sees the drop, and does without compiled code, or is seen, and is waited for like a hart that runs.
public abstract unsafe partial class TranslatingEngine<TBlock>
{
    private readonly List<HartContext> _callers = [];

    /// <summary>Makes the current thread the one that may make calls with a hart. None may be running or calling with it.</summary>
    internal void PrepareCalls(Hart hart)
    {
        var context = Enter(hart);
        lock (Gate)
        {
            context.CallingThread = Environment.CurrentManagedThreadId;
            if (!_callers.Contains(context))
                _callers.Add(context);
        }
        Leave(context);
    }

    /// <summary>No more calls with a hart. None may be under way.</summary>
    internal void EndCalls(Hart hart)
    {
        if (hart.EngineData is not HartContext context || context.Engine != this)
            return;
        lock (Gate)
            _callers.Remove(context);
    }

    /// <summary>Whether nothing was dropped since the hart's last safe point. In a call.</summary>
    private protected bool IsCurrent(HartContext context) => Volatile.Read(ref _drops) == context.SeenDrop;

    /// <summary>Finishes what a call did, as Run does, when that is more than that no translation is known.</summary>
    private protected void AccountCall(HartContext context, long slice)
    {
        context.CountedBudget = slice;
        context.HandedOver = 0;
        context.IsAbove = false;
        Account(context, 0);
    }

    /// <summary>Ends a call.</summary>
    private protected void LeaveCall(HartContext context)
    {
        context.IsInCall = false;
        if (Volatile.Read(ref _waiting) > 0)
            ReportSafePoint();
    }

    // Under the gate. Whoever was in a call before is seen to be in one now, and whoever comes sees what was written before.
    private void SeeCalls()
    {
        if (_callers.Count > 0)
            Interlocked.MemoryBarrierProcessWide();
    }
}
