using Dbt.Runtime.Machine.Interrupts;
using Dbt.Runtime.Machine.Interrupts.Riscv;
using Dbt.Runtime.Machine.Tests.Fakes;
using Dbt.Runtime.Machine.Timers;

namespace Dbt.Runtime.Machine.Tests.Interrupts.Riscv;

public sealed class ClintTests : IDisposable
{
    private const ulong Compare = 0x4000, Time = 0xbff8;

    private readonly MachineClock _clock = new();
    private readonly FakeHart[] _harts = [new(), new()];
    private readonly Clint _clint;

    public ClintTests() => _clint = new(_clock, _harts);

    [Fact]
    public void Software_interrupts_go_to_one_hart()
    {
        _clint.Write(4, 4, 1);
        Assert.True(_harts[1].Has(InterruptInput.MachineSoftware));
        Assert.False(_harts[0].Has(InterruptInput.MachineSoftware));
        Assert.Equal((0u, 1u), (_clint.Read(0, 4), _clint.Read(4, 4)));
        _clint.Write(4, 4, 2);
        Assert.False(_harts[1].Has(InterruptInput.MachineSoftware));
    }

    [Fact]
    public void The_timer_is_pending_while_the_time_is_not_below_the_compare_register()
    {
        _clint.Write(Compare + 8, 8, 1_000_000_000_000);
        Assert.False(_harts[1].Has(InterruptInput.MachineTimer));
        _clint.Write(Time, 8, 1_000_000_000_000);
        Assert.True(_harts[1].Has(InterruptInput.MachineTimer));
        _clint.Write(Compare + 8, 8, ulong.MaxValue);
        Assert.False(_harts[1].Has(InterruptInput.MachineTimer));
        Assert.False(_harts[0].Has(InterruptInput.MachineTimer));
    }

    [Fact]
    public void The_timer_goes_off_by_itself()
    {
        _clint.Write(Compare, 8, _clint.Read(Time, 8) + 50_000);
        Assert.True(SpinWait.SpinUntil(() => _harts[0].Has(InterruptInput.MachineTimer), TimeSpan.FromSeconds(30)));
        Assert.True(_clint.Read(Time, 8) >= _clint.Read(Compare, 8));
    }

    [Fact]
    public void Halves_of_a_register_are_written_and_read_alone()
    {
        _clint.Write(Compare + 4, 4, 0x12);
        _clint.Write(Compare, 4, 0x3456_789a);
        Assert.Equal(0x12_3456_789au, _clint.Read(Compare, 8));
        Assert.Equal(0x12u, _clint.Read(Compare + 4, 4));
        _clint.Write(Time + 4, 4, 0x77);
        Assert.Equal(0x77u, _clint.Read(Time + 4, 4));
    }

    [Fact]
    public void Harts_that_do_not_exist_read_0_and_ignore_writes()
    {
        foreach (var offset in (ulong[])[8, 0x3ffc, Compare + 16, 0xbff0, 0xfff8])
        {
            _clint.Write(offset, 4, 1);
            Assert.Equal(0u, _clint.Read(offset, 4));
        }
    }

    public void Dispose() => _clock.Dispose();
}
