namespace Dbt.Runtime.Machine.Tests.Harts.Riscv;

/// <summary>Counters that M mode sets and stops.</summary>
public abstract unsafe class CounterTests : IDisposable
{
    private readonly BareMachine _machine;

    protected CounterTests(TestedEngine engine) => _machine = new(engine);

    public void Dispose()
    {
        _machine.Dispose();
        GC.SuppressFinalize(this);
    }

    [Theory]
    [InlineData("mcycle", "cycle")]
    [InlineData("minstret", "instret")]
    public void A_counter_goes_on_from_what_was_written(string counter, string shadow)
    {
        _machine.Constant(1, 1000).Csr(counter, 1);
        Read(5, counter).Emit("addi");
        Read(6, shadow).Wfi();
        _machine.Run();
        Assert.Equal((1000UL, 1002UL), (_machine.State->X[5], _machine.State->X[6]));
    }

    [Theory]
    [InlineData("mcycle", 1)]
    [InlineData("minstret", 4)]
    public void A_counter_that_is_stopped_shows_what_it_had(string counter, int bit)
    {
        _machine.Constant(1, 1000).Constant(2, 5).Csr(counter, 1).Emit("csrrsi", ("csr", BareMachine.Number("mcountinhibit")), ("uimm", bit));
        Read(5, counter).Emit("addi");
        Read(6, counter).Emit("csrrci", ("csr", BareMachine.Number("mcountinhibit")), ("uimm", bit));
        Read(7, counter).Emit("csrrsi", ("csr", BareMachine.Number("mcountinhibit")), ("uimm", bit)).Csr(counter, 2);
        Read(28, counter).Wfi();
        _machine.Run();
        Assert.Equal((_machine.State->X[5], _machine.State->X[5] + 1, 5UL), (_machine.State->X[6], _machine.State->X[7], _machine.State->X[28]));
        Assert.InRange(_machine.State->X[5], 1000UL, 1001UL);
    }

    [Theory]
    [InlineData("mhpmcounter3")]
    [InlineData("mhpmevent31")]
    public void Counters_of_events_are_there_and_count_nothing(string counter)
    {
        _machine.Constant(1, 1000).Csr(counter, 1);
        Read(5, counter).Wfi();
        _machine.Run();
        Assert.Equal(0UL, _machine.State->X[5]);
    }

    private BareMachine Read(int register, string csr) => _machine.Emit("csrrs", ("rd", register), ("csr", BareMachine.Number(csr)));
}
