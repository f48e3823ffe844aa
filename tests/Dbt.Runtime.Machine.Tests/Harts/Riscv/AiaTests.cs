using Dbt.Runtime.Machine.Interrupts;
using Dbt.Runtime.Machine.Interrupts.Riscv;

namespace Dbt.Runtime.Machine.Tests.Harts.Riscv;

/// <summary>Programs that use the registers of the Advanced Interrupt Architecture.</summary>
public abstract unsafe class AiaTests : IDisposable
{
    private const int Delivery = 0x70, EnabledStart = 0xC0;

    private readonly BareMachine _machine;
    private readonly InterruptFile _file;

    protected AiaTests(TestedEngine engine)
    {
        _machine = new(engine);
        _file = new InterruptFile(_machine.Hart, InterruptInput.SupervisorExternal);
        _machine.Hart.SupervisorFile = _file;
        _machine.State->Mideleg = 0x222;
        _machine.State->Mie = 0x222;
    }

    public void Dispose()
    {
        _machine.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void A_message_interrupts_and_is_claimed_by_one_instruction()
    {
        Enable(33);
        _file.Signal(33);
        Read(5, "stopi").Emit("csrrw", ("rd", 6), ("csr", BareMachine.Number("stopei"))).Wfi();
        Read(7, "stopei");
        Read(28, "stopi").Wfi();
        _machine.Run();
        Assert.Equal((9UL << 16 | 1, 33UL << 16 | 33), (_machine.State->X[5], _machine.State->X[6]));
        _machine.Run();
        Assert.Equal((0UL, 0UL), (_machine.State->X[7], _machine.State->X[28]));
    }

    [Theory]
    [InlineData(true, 40)]
    [InlineData(false, 33)]
    public void What_is_claimed_is_what_the_register_shows_then(bool isClaimedBefore, ulong left)
    {
        Enable(33, 40);
        _file.Signal(40);
        Read(5, "stopei").Wfi().Emit("csrrw", ("csr", BareMachine.Number("stopei"))).Wfi();
        _machine.Run();
        if (isClaimedBefore)
            _file.Signal(33);
        _machine.Run();
        if (!isClaimedBefore)
            _file.Signal(33);
        Assert.Equal(left << 16 | left, (ulong)_file.Top);
    }

    [Theory]
    [InlineData("siselect", "sireg", 0x80, true)]
    [InlineData("siselect", "sireg", 0x81, false)]
    [InlineData("siselect", "sireg", 0x30, true)]
    [InlineData("siselect", "sireg", 0x31, false)]
    [InlineData("siselect", "sireg", 0x71, false)]
    [InlineData("siselect", "sireg", 0x100, false)]
    [InlineData("miselect", "mireg", 0x70, false)]
    [InlineData("miselect", "mireg", 0x3E, true)]
    public void Selected_registers_exist_or_are_illegal(string select, string register, ulong number, bool exists)
    {
        _machine.Constant(1, number).Csr(select, 1);
        Read(5, register).Csr(register, 0).Emit("ebreak");
        Assert.Equal(exists ? 3UL : 2UL, _machine.RunToTrap());
        Assert.Equal(0UL, _machine.State->X[5]);
    }

    [Fact]
    public void Without_a_file_there_is_no_top_of_it()
    {
        Read(5, "mtopei");
        Assert.Equal(2UL, _machine.RunToTrap());
    }

    [Fact]
    public void The_first_interrupt_of_M_mode_is_not_delegated()
    {
        _machine.State->Mie = 0xAAA;
        _machine.Hart.SetPending(InterruptInput.MachineSoftware, true);
        _machine.Hart.SetPending(InterruptInput.MachineTimer, true);
        _machine.Hart.SetPending(InterruptInput.SupervisorExternal, true);
        Read(5, "mtopi");
        Read(6, "stopi").Wfi();
        _machine.Run();
        Assert.Equal((3UL << 16 | 1, 9UL << 16 | 1), (_machine.State->X[5], _machine.State->X[6]));
    }

    // SEIP is what firmware sets, or the wire: writing back what was read of the wire sets nothing.
    [Fact]
    public void Software_sets_SEIP_besides_the_wire()
    {
        _machine.Hart.SetPending(InterruptInput.SupervisorExternal, true);
        _machine.Emit("csrrsi", ("csr", BareMachine.Number("mip")), ("uimm", 2)).Wfi();
        Read(5, "mip").Constant(1, 1 << 9).Emit("csrrs", ("csr", BareMachine.Number("mvip")), ("rs1", 1));
        Read(6, "mip").Emit("csrrc", ("csr", BareMachine.Number("mip")), ("rs1", 1));
        Read(7, "mip").Wfi();
        _machine.Run();
        _machine.Hart.SetPending(InterruptInput.SupervisorExternal, false);
        _machine.Run();
        Assert.Equal((2UL, 0x202UL, 2UL), (_machine.State->X[5], _machine.State->X[6], _machine.State->X[7]));
    }

    private BareMachine Read(int register, string csr) => _machine.Emit("csrrs", ("rd", register), ("csr", BareMachine.Number(csr)));

    // Through the hart's registers.
    private void Enable(params int[] identities)
    {
        var set = identities.Aggregate(0UL, (bits, identity) => bits | 1UL << identity);
        _machine.Constant(1, EnabledStart).Csr("siselect", 1).Constant(1, set >> 32).Emit("slli", ("rd", 1), ("rs1", 1), ("shamt", 32)).Csr("sireg", 1)
            .Constant(1, Delivery).Csr("siselect", 1).Constant(1, 1).Csr("sireg", 1);
    }
}
