namespace Dbt.Runtime.Machine.Timers;

/// <summary>An alarm of a <see cref="MachineClock"/>: goes off once when its tick has come, and is set again by whoever wants it again.</summary>
public sealed class ClockAlarm
{
    /// <summary>The tick that never comes.</summary>
    public const ulong Never = ulong.MaxValue;

    private readonly MachineClock _clock;

    internal ClockAlarm(MachineClock clock, Action elapsed) => (_clock, Elapsed) = (clock, elapsed);

    internal ulong Tick { get; set; } = Never;

    internal Action Elapsed { get; }

    /// <summary>Sets the alarm to a tick, in place of what it was set to; <see cref="Never"/> switches it off. A tick that is over goes off at once.</summary>
    public void Set(ulong tick) => _clock.Set(this, tick);
}
