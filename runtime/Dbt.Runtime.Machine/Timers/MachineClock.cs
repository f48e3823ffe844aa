using System.Diagnostics;

namespace Dbt.Runtime.Machine.Timers;

/// <summary>
/// The time that a machine's timers count in: ticks of a fixed frequency since the machine was switched on, and alarms at given ticks.
/// One thread serves all alarms, and there is none until the first is set.
/// </summary>
public sealed class MachineClock : IDisposable
{
    /// <summary>Ticks a second of the machines here.</summary>
    public const ulong DefaultFrequency = 10_000_000;

    private readonly Lock _lock = new();
    private readonly List<ClockAlarm> _alarms = [];
    private readonly HostWait _wait = new();
    private readonly long _start = Stopwatch.GetTimestamp();
    private Thread? _thread;
    private ulong _offset;
    private bool _stopping;

    /// <summary>A clock at 0.</summary>
    /// <param name="frequency">Ticks a second, at most 10^9.</param>
    public MachineClock(ulong frequency = DefaultFrequency)
    {
        ArgumentOutOfRangeException.ThrowIfZero(frequency);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(frequency, 1_000_000_000UL);
        Frequency = frequency;
    }

    /// <summary>Ticks a second.</summary>
    public ulong Frequency { get; }

    /// <summary>Ticks now. Setting them moves the alarms, which stay at their ticks.</summary>
    public ulong Now
    {
        get => Elapsed + Volatile.Read(ref _offset);
        set
        {
            lock (_lock)
                _offset = value - Elapsed;
            _wait.Wake();
        }
    }

    private ulong Elapsed => (ulong)((UInt128)(ulong)(Stopwatch.GetTimestamp() - _start) * Frequency / (ulong)Stopwatch.Frequency);

    /// <summary>Makes an alarm that is not set.</summary>
    /// <param name="elapsed">Called on the clock's thread when the alarm's tick has come; takes note and returns.</param>
    public ClockAlarm CreateAlarm(Action elapsed)
    {
        var alarm = new ClockAlarm(this, elapsed);
        lock (_lock)
            _alarms.Add(alarm);
        return alarm;
    }

    /// <summary>Stops the clock's thread. No alarm goes off afterwards.</summary>
    public void Dispose()
    {
        Thread? thread;
        lock (_lock)
        {
            _stopping = true;
            thread = _thread;
        }
        _wait.Wake();
        thread?.Join();
        _wait.Dispose();
    }

    internal void Set(ClockAlarm alarm, ulong tick)
    {
        lock (_lock)
        {
            var earlier = First() is not { } first || tick < first.Tick;
            alarm.Tick = tick;
            if (_stopping || tick == ClockAlarm.Never)
                return;
            if (_thread is null)
            {
                _thread = new Thread(Serve) { IsBackground = true, Name = "machine clock" };
                _thread.Start();
            }
            else if (earlier)
            {
                _wait.Wake();
            }
        }
    }

    // The next one to go off; null when none is set.
    private ClockAlarm? First()
    {
        ClockAlarm? first = null;
        foreach (var alarm in _alarms)
        {
            if (alarm.Tick != ClockAlarm.Never && (first is null || alarm.Tick < first.Tick))
                first = alarm;
        }
        return first;
    }

    private void Serve()
    {
        while (true)
        {
            ulong left;
            lock (_lock)
            {
                if (_stopping)
                    return;
                var now = Now;
                left = First() is not { } next ? ulong.MaxValue : next.Tick > now ? next.Tick - now : 0;
            }
            if (left > 0)
                _wait.Wait(left == ulong.MaxValue ? -1 : Nanoseconds(left));
            else
                Fire();
        }
    }

    // At most an hour, after which it is looked at again.
    private long Nanoseconds(ulong ticks) => (long)Math.Min(3600UL * 1_000_000_000, (ulong)UInt128.Min(ulong.MaxValue, (UInt128)ticks * 1_000_000_000 / Frequency + 1));

    // One after the other in their order; outside of the lock, so that whoever is called may set alarms.
    private void Fire()
    {
        while (true)
        {
            ClockAlarm? first;
            lock (_lock)
            {
                first = First();
                if (_stopping || first is null || first.Tick > Now)
                    return;
                first.Tick = ClockAlarm.Never;
            }
            first.Elapsed();
        }
    }
}
