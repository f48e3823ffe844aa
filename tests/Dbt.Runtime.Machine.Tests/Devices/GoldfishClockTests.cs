using Dbt.Runtime.Machine.Devices;
using Dbt.Runtime.Machine.Tests.Fakes;

namespace Dbt.Runtime.Machine.Tests.Devices;

public sealed class GoldfishClockTests : IDisposable
{
    private readonly ManualTime _host = new();
    private readonly FakeLine _line = new();
    private readonly GoldfishClock _clock;

    public GoldfishClockTests() => _clock = new(_line, _host);

    private ulong Now => _clock.Read(0, 4) | _clock.Read(4, 4) << 32;

    [Fact]
    public void Shows_the_time_of_the_host_in_nanoseconds_and_keeps_its_halves_together()
    {
        _host.Advance(TimeSpan.FromSeconds(1_700_000_000));
        var low = _clock.Read(0, 4);
        _host.Advance(TimeSpan.FromSeconds(100));
        Assert.Equal(1_700_000_000_000_000_000u, low | _clock.Read(4, 4) << 32);
    }

    [Fact]
    public void Can_be_set()
    {
        _clock.Write(4, 4, 1);
        _clock.Write(0, 4, 5);
        _host.Advance(TimeSpan.FromMicroseconds(1));
        Assert.Equal(0x1_0000_0005u + 1000, Now);
    }

    [Fact]
    public void An_alarm_interrupts_once_when_its_time_has_come()
    {
        _clock.Write(0x10, 4, 1);
        _clock.Write(0x0c, 4, 0);
        _clock.Write(0x08, 4, 3_000_000_000);
        Assert.Equal(1u, _clock.Read(0x18, 4));
        _host.Advance(TimeSpan.FromSeconds(2));
        Assert.False(_line.Level);
        _host.Advance(TimeSpan.FromSeconds(2));
        Assert.True(_line.Level);
        Assert.Equal(0u, _clock.Read(0x18, 4));
        _clock.Write(0x1c, 4, 1);
        Assert.False(_line.Level);
    }

    [Fact]
    public void An_alarm_in_the_past_goes_off_at_once_and_is_silent_while_interrupts_are_off()
    {
        _host.Advance(TimeSpan.FromSeconds(9));
        _clock.Write(0x08, 4, 1);
        Assert.False(_line.Level);
        _clock.Write(0x10, 4, 1);
        Assert.True(_line.Level);
    }

    [Fact]
    public void A_cleared_alarm_does_not_go_off()
    {
        _clock.Write(0x10, 4, 1);
        _clock.Write(0x08, 4, 1_000_000_000);
        _clock.Write(0x14, 4, 1);
        _host.Advance(TimeSpan.FromSeconds(5));
        Assert.False(_line.Level);
    }

    public void Dispose() => _clock.Dispose();
}
