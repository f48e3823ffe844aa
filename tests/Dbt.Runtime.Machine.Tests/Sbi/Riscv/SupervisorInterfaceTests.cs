using Dbt.Isa.Riscv;
using Dbt.Runtime.Machine.Bus;
using Dbt.Runtime.Machine.Harts.Riscv;
using Dbt.Runtime.Machine.Interrupts;
using Dbt.Runtime.Machine.Sbi.Riscv;
using Dbt.Runtime.Machine.Tests.Fakes;
using Dbt.Runtime.Machine.Timers;
using Dbt.Translator.Systems;

namespace Dbt.Runtime.Machine.Tests.Sbi.Riscv;

/// <summary>Calls as S mode makes them, of two harts that do not run.</summary>
public sealed unsafe class SupervisorInterfaceTests : IDisposable
{
    private const ulong Ram = PhysicalMemory.DefaultRamStart, FirmwareEvents = 15 << 16;
    private const ulong Pmu = 0x504D55, Susp = 0x53555350, Sta = 0x535441, Hsm = 0x48534D, Ipi = 0x735049, Time = 0x54494D45, Base = 0x10;
    private const long Success = 0, NotSupported = -2, InvalidParameter = -3, Denied = -4, InvalidAddress = -5, AlreadyAvailable = -6, AlreadyStarted = -7, AlreadyStopped = -8;

    private readonly PhysicalMemory _memory = new(1 << 20);
    private readonly MachineClock _clock = new();
    private readonly SystemInterpreter _engine = new(RiscvRv64.Instance);
    private readonly SbiHart[] _harts;
    private readonly SupervisorInterface _calls;

    public SupervisorInterfaceTests()
    {
        _harts = [.. Enumerable.Range(0, 2).Select(id => new SbiHart(new MachineHart(id, RiscvRv64.Instance.SystemExtensions, _memory, _engine, _clock), _memory))];
        _calls = new SupervisorInterface(_harts, _memory, _engine, new FakeConsole(), new FakeControl());
        Assert.True(_harts[0].TryStart(hart => hart.StartSupervisor(Ram, 0)));
        Assert.True(_harts[0].AwaitStarted(() => false));
    }

    public void Dispose()
    {
        foreach (var hart in _harts)
            hart.Dispose();
        _engine.Dispose();
        _clock.Dispose();
        _memory.Dispose();
    }

    [Theory]
    [InlineData(Base, 1)]
    [InlineData(Pmu, 1)]
    [InlineData(Susp, 1)]
    [InlineData(Sta, 1)]
    [InlineData(0x43505043, 0)]
    public void Extensions_can_be_asked_for(ulong extension, ulong there) => Assert.Equal((Success, there), Call(Base, 3, extension));

    [Fact]
    public void Counters_are_described()
    {
        Assert.Equal((Success, 19UL), Call(Pmu, 0));
        Assert.Equal((Success, 0xC00UL | 63 << 12), Call(Pmu, 1, 0));
        Assert.Equal(InvalidParameter, Call(Pmu, 1, 1).Error);
        Assert.Equal((Success, 0xC02UL | 63 << 12), Call(Pmu, 1, 2));
        Assert.Equal((Success, 1UL << 63), Call(Pmu, 1, 18));
        Assert.Equal(InvalidParameter, Call(Pmu, 1, 19).Error);
    }

    [Fact]
    public void A_firmware_counter_counts_from_its_start_to_its_stop()
    {
        const ulong setTimer = FirmwareEvents | 5;
        Assert.Equal(NotSupported, Call(Pmu, 2, 0, ulong.MaxValue, 0, FirmwareEvents | 22).Error);
        Assert.Equal((Success, 3UL), Call(Pmu, 2, 0, ulong.MaxValue, 0, setTimer));
        Call(Time, 0, ulong.MaxValue);
        Assert.Equal((Success, 0UL), Call(Pmu, 5, 3));
        Assert.Equal(Success, Call(Pmu, 3, 3, 1, 1, 100).Error);
        Assert.Equal(AlreadyStarted, Call(Pmu, 3, 3, 1, 1, 100).Error);
        Call(Time, 0, ulong.MaxValue);
        Call(Time, 0, ulong.MaxValue);
        Assert.Equal((Success, 102UL), Call(Pmu, 5, 3));
        Assert.Equal(Success, Call(Pmu, 4, 3, 1).Error);
        Call(Time, 0, ulong.MaxValue);
        Assert.Equal((Success, 102UL), Call(Pmu, 5, 3));
        // The next event takes another counter until this one is given back.
        Assert.Equal((Success, 4UL), Call(Pmu, 2, 0, ulong.MaxValue, 0, setTimer));
        Assert.Equal(AlreadyStopped, Call(Pmu, 4, 3, 1, 1).Error);
        Assert.Equal((Success, 3UL), Call(Pmu, 2, 0, ulong.MaxValue, 6, setTimer));
        Call(Time, 0, ulong.MaxValue);
        Assert.Equal((Success, 1UL), Call(Pmu, 5, 3));
        Assert.Equal(InvalidParameter, Call(Pmu, 3, 18, 3).Error);
        Assert.Equal(InvalidParameter, Call(Pmu, 5, 0).Error);
    }

    [Fact]
    public void Interrupts_are_counted_where_they_arrive_too()
    {
        Assert.Equal((Success, 3UL), Call(Pmu, 2, 0, ulong.MaxValue, 4, FirmwareEvents | 7));
        Assert.Equal(InvalidParameter, Call(Ipi, 0, 4, 0).Error);
        Assert.Equal(Success, Call(Ipi, 0, 1, 0).Error);
        Assert.Equal(Success, Call(Ipi, 0, 0, ulong.MaxValue).Error);
        Assert.Equal((Success, 2UL), Call(Pmu, 5, 3));
    }

    [Fact]
    public void Cycles_can_be_set_and_stopped()
    {
        var state = _harts[0].Hart.State;
        Assert.Equal(AlreadyStarted, Call(Pmu, 3, 0, 1).Error);
        Assert.Equal(Success, Call(Pmu, 4, 0, 5, 1).Error);
        Assert.Equal(5UL, state->Mcountinhibit);
        Assert.Equal((Success, 0UL), Call(Pmu, 2, 0, 7, 0, 1));
        Assert.Equal((Success, 2UL), Call(Pmu, 2, 0, 7, 0, 2));
        Assert.Equal(Success, Call(Pmu, 3, 2, 1, 1, 1000).Error);
        Assert.Equal((1UL, 1000UL), (state->Mcountinhibit, state->Minstret + (ulong)Dbt.Isa.Interpreting.HartCounters.Retired(&state->Header)));
    }

    [Fact]
    public void Stolen_time_is_written_where_the_guest_wants_it()
    {
        Assert.Equal(InvalidParameter, Call(Sta, 0, Ram + 8, 0, 0).Error);
        Assert.Equal(InvalidAddress, Call(Sta, 0, 0x1000, 0, 0).Error);
        Assert.Equal(InvalidAddress, Call(Sta, 0, Ram + (1 << 20), 0, 0).Error);
        Assert.Equal(InvalidParameter, Call(Sta, 0, Ram, 0, 1).Error);
        Assert.True(_memory.TryStore(Ram + 0x1020, 8, ulong.MaxValue));
        Assert.Equal(Success, Call(Sta, 0, Ram + 0x1000, 0, 0).Error);
        Assert.Equal((2UL, 0UL), (Load(Ram + 0x1000), Load(Ram + 0x1020)));
        _harts[0].Steal.Update();
        Assert.Equal(4UL, Load(Ram + 0x1000));
        Assert.Equal(Success, Call(Sta, 0, ulong.MaxValue, ulong.MaxValue, 0).Error);
        _harts[0].Steal.Update();
        Assert.Equal(4UL, Load(Ram + 0x1000));
    }

    [Fact]
    public void Only_the_last_hart_that_is_on_suspends_the_machine()
    {
        Assert.Equal(InvalidParameter, Call(Susp, 0, 1, Ram, 0).Error);
        Assert.Equal(InvalidAddress, Call(Susp, 0, 0, 0x1000, 0).Error);
        Assert.Equal(Success, Call(Hsm, 0, 1, Ram, 0).Error);
        Assert.Equal(AlreadyAvailable, Call(Hsm, 0, 1, Ram, 0).Error);
        Assert.Equal(Denied, Call(Susp, 0, 0, Ram, 0).Error);
    }

    [Theory]
    [InlineData(Susp, 0)]
    [InlineData(Hsm, 0x8000_0000)]
    public void A_suspended_hart_begins_elsewhere_when_an_interrupt_is_pending(ulong extension, ulong type)
    {
        var hart = _harts[0];
        hart.Hart.State->Mie = 1 << 9;
        hart.Hart.State->Satp = 8UL << 60;
        hart.Hart.State->Mstatus |= RiscvMstatus.SIE;
        Assert.Equal(Success, Call(extension, extension == Hsm ? 3UL : 0, type, Ram + 0x100, 42).Error);
        Assert.True(hart.IsLeaving);
        hart.Hart.SetPending(InterruptInput.SupervisorExternal, true);
        Assert.True(hart.AwaitStarted(() => false));
        Assert.Equal((Ram + 0x100, 0UL, 42UL, 0UL), (hart.Hart.State->Header.Pc, hart.Hart[10], hart.Hart[11], hart.Hart.State->Satp));
        Assert.Equal(0UL, hart.Hart.State->Mstatus & RiscvMstatus.SIE);
    }

    [Fact]
    public void A_hart_that_keeps_its_registers_goes_on_where_it_was()
    {
        var hart = _harts[0];
        hart.Hart.State->Mie = 1 << 1;
        hart.Hart.State->Header.Pc = Ram + 0x44;
        Assert.Equal(Success, Call(Hsm, 3, 0).Error);
        Assert.Equal(InvalidParameter, Call(Hsm, 3, 0x10).Error);
        hart.Hart.SetPending(InterruptInput.SupervisorSoftware, true);
        Assert.True(hart.AwaitStarted(() => false));
        Assert.Equal((Ram + 0x44, 0x2UL), (hart.Hart.State->Header.Pc, hart.Hart.State->Mip));
        Assert.Equal((Success, 0UL), Call(Hsm, 2, 0));
    }

    private (long Error, ulong Value) Call(ulong extension, ulong function, params ReadOnlySpan<ulong> arguments)
    {
        var hart = _harts[0].Hart;
        for (var i = 0; i < 6; i++)
            hart[10 + i] = i < arguments.Length ? arguments[i] : 0;
        (hart[16], hart[17]) = (function, extension);
        _calls.Call(hart);
        return ((long)hart[10], hart[11]);
    }

    private ulong Load(ulong address)
    {
        Assert.True(_memory.TryLoad(address, 8, out var value));
        return value;
    }
}
