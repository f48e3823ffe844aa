namespace Dbt.Runtime.Machine.Tests.Fakes;

/// <summary>A host clock that only the test moves.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly List<ManualTimer> _timers = [];

    public DateTimeOffset Now { get; private set; } = DateTimeOffset.UnixEpoch;

    public override DateTimeOffset GetUtcNow() => Now;

    public void Advance(TimeSpan time)
    {
        Now += time;
        foreach (var timer in _timers.Where(timer => timer.Due <= Now).ToArray())
            timer.Elapse();
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        _timers.Add(timer);
        return timer;
    }

    private sealed class ManualTimer(ManualTime time, Action elapsed) : ITimer
    {
        public DateTimeOffset? Due { get; private set; }

        public void Elapse()
        {
            Due = null;
            elapsed();
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Due = dueTime == Timeout.InfiniteTimeSpan ? null : time.Now + dueTime;
            return true;
        }

        public void Dispose() => Due = null;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
