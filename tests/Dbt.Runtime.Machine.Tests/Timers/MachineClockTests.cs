using Dbt.Runtime.Machine.Timers;

namespace Dbt.Runtime.Machine.Tests.Timers;

public sealed class MachineClockTests
{
    [Fact]
    public void Alarms_go_off_in_their_order_and_once()
    {
        using var clock = new MachineClock();
        var order = new List<int>();
        using var done = new ManualResetEventSlim();
        var second = clock.CreateAlarm(() =>
        {
            order.Add(2);
            done.Set();
        });
        var first = clock.CreateAlarm(() => order.Add(1));
        second.Set(2UL << 50);
        first.Set(1UL << 50);
        clock.Now = 3UL << 50;
        Assert.True(done.Wait(TimeSpan.FromSeconds(30)));
        Assert.Equal([1, 2], order);
    }

    [Fact]
    public void An_alarm_that_is_switched_off_does_not_go_off()
    {
        using var clock = new MachineClock();
        using var done = new ManualResetEventSlim();
        var rang = false;
        var dropped = clock.CreateAlarm(() => rang = true);
        var later = clock.CreateAlarm(done.Set);
        dropped.Set(1UL << 50);
        later.Set(2UL << 50);
        dropped.Set(ClockAlarm.Never);
        clock.Now = 3UL << 50;
        Assert.True(done.Wait(TimeSpan.FromSeconds(30)));
        Assert.False(rang);
    }

    [Fact]
    public void Setting_the_time_reaches_alarms_that_wait()
    {
        using var clock = new MachineClock();
        using var done = new ManualResetEventSlim();
        clock.CreateAlarm(done.Set).Set(1UL << 60);
        clock.Now = 1UL << 60;
        Assert.True(done.Wait(TimeSpan.FromSeconds(30)));
    }
}
