using Dbt.Isa.Riscv;
using Dbt.Runtime.Machine.Interrupts;

namespace Dbt.Runtime.Machine.Tests.Harts.Riscv;

public abstract unsafe class TrapTests : IDisposable
{
    private const ulong Ram = BareMachine.Ram, Program = Ram + 0x1000, Handler = Ram + 0x9000;
    private const ulong InterruptFlag = 1UL << 63;

    private readonly BareMachine _machine;

    protected TrapTests(TestedEngine engine) => _machine = new(engine);

    public void Dispose()
    {
        _machine.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void Bits_that_mean_nothing_are_told_to_the_handler()
    {
        _machine.Emit("addi", ("rd", 1)).Put(0xFFFF_FFFF);
        Assert.Equal(2UL, _machine.RunToTrap());
        Assert.Equal((Ram + 4, 0xFFFF_FFFFUL), (_machine.State->Mepc, _machine.State->Mtval));
    }

    [Theory]
    [InlineData(0, 8)]
    [InlineData(1, 9)]
    [InlineData(3, 11)]
    public void Calls_tell_their_mode(int privilege, ulong cause)
    {
        Enter(privilege);
        _machine.At(Program).Emit("ecall");
        Assert.Equal(cause, _machine.RunToTrap());
        Assert.Equal((Program, (ulong)privilege), (_machine.State->Mepc, _machine.State->Mstatus >> 11 & 3));
        Assert.Equal(3UL, _machine.State->Privilege);
    }

    [Fact]
    public void Delegated_traps_go_to_S_mode_and_back()
    {
        Enter(0);
        _machine.State->Medeleg = 1 << 8;
        _machine.State->Stvec = Handler;
        _machine.At(Program).Emit("ecall").Emit("addi", ("rd", 5), ("rs1", 5), ("immI", 1)).Emit("ebreak");
        _machine.At(Handler)
            .Emit("csrrs", ("rd", 6), ("csr", BareMachine.Number("sepc")))
            .Emit("addi", ("rd", 6), ("rs1", 6), ("immI", 4))
            .Csr("sepc", 6)
            .Emit("sret");
        Assert.Equal(3UL, _machine.RunToTrap());
        Assert.Equal((8UL, 1UL, 0UL), (_machine.State->Scause, _machine.State->X[5], _machine.State->Mstatus >> 11 & 3));
    }

    [Theory]
    [InlineData("mstatus", 1)]
    [InlineData("sstatus", 0)]
    [InlineData("cycle", 0)]
    [InlineData("mvendorid", 1)]
    public void Registers_of_higher_modes_are_illegal(string csr, int privilege)
    {
        Enter(privilege);
        _machine.At(Program).Emit("csrrs", ("rd", 1), ("csr", BareMachine.Number(csr)));
        Assert.Equal(2UL, _machine.RunToTrap());
    }

    [Fact]
    public void Fields_take_legal_values_only()
    {
        _machine.Constant(1, 0xFFFF_FFFF).Csr("mstatus", 1).Emit("csrrs", ("rd", 2), ("csr", BareMachine.Number("mstatus")));
        _machine.Constant(1, 2 << 11 | 1 << 13).Csr("mstatus", 1).Emit("csrrs", ("rd", 3), ("csr", BareMachine.Number("mstatus"))).Wfi();
        _machine.Run();
        Assert.Equal(0x8000_000A_007E_79AAUL, _machine.State->X[2]);
        // MPP keeps what it had, FS is dirty when it is on at all, UXL and SXL are fixed.
        Assert.Equal(0x8000_000A_0000_7800UL, _machine.State->X[3]);
    }

    [Fact]
    public void Protection_that_is_locked_stays()
    {
        _machine.State->Pmpcfg0 = _machine.State->Pmpaddr0 = 0;
        // Entry 1 is a range from entry 0 on, and locked; entry 2 is not.
        _machine.Constant(1, 0x12_8F03).Csr("pmpcfg0", 1).Emit("csrrs", ("rd", 9), ("csr", BareMachine.Number("pmpcfg0")))
            .Constant(2, 0x7F7F_7F7F).Csr("pmpcfg0", 2).Csr("pmpaddr0", 2).Csr("pmpaddr1", 2).Csr("pmpaddr2", 2);
        foreach (var (register, csr) in ((int, string)[])[(5, "pmpcfg0"), (6, "pmpaddr0"), (7, "pmpaddr1"), (8, "pmpaddr2")])
            _machine.Emit("csrrs", ("rd", register), ("csr", BareMachine.Number(csr)));
        _machine.Wfi();
        _machine.Run();
        // W without R is not taken.
        Assert.Equal((0x10_8F03UL, 0x1F1F_8F1FUL), (_machine.State->X[9], _machine.State->X[5]));
        Assert.Equal((0UL, 0UL, 0x7F7F_7F7FUL), (_machine.State->X[6], _machine.State->X[7], _machine.State->X[8]));
    }

    [Fact]
    public void Floating_point_is_off_while_FS_is()
    {
        _machine.Emit("fmv.d.x", ("fd", 1), ("rs1", 2));
        Assert.Equal(2UL, _machine.RunToTrap());
        _machine.State->Mstatus |= RiscvMstatus.FS;
        _machine.State->Header.Pc = Ram;
        _machine.At(Ram + 4).Wfi();
        _machine.Run();
        Assert.Equal(Ram + 8, _machine.State->Header.Pc);
    }

    [Theory]
    [InlineData(0x222, 0xAAA, 11)]
    [InlineData(0x222, 0x0AA, 3)]
    [InlineData(0x222, 0x0A2, 7)]
    [InlineData(0, 0x222, 9)]
    [InlineData(0, 0x022, 1)]
    [InlineData(0, 0x020, 5)]
    public void Interrupts_have_an_order_and_vectors(ulong delegated, ulong pending, int first)
    {
        for (var input = 0; input < 12; input++)
            if ((pending >> input & 1) != 0)
                _machine.Hart.SetPending((InterruptInput)input, true);
        _machine.State->Mideleg = delegated;
        _machine.State->Mie = 0xAAA;
        // The timer's line is computed, so that its own register says that it is over.
        _machine.State->Menvcfg = RiscvMenvcfg.STCE;
        _machine.State->Stimecmp = (pending & 0x20) != 0 ? 0 : ulong.MaxValue;
        Enter(1);
        _machine.At(Program).Emit("jal");
        _machine.At(Handler + 4 * (ulong)first).Wfi();
        _machine.State->Mtvec = Handler | 1;
        _machine.Run();
        Assert.Equal((InterruptFlag + (uint)first, Program), (_machine.State->Mcause, _machine.State->Mepc));
    }

    [Fact]
    public void Interrupts_of_S_mode_wait_for_SIE()
    {
        _machine.State->Mideleg = 0x222;
        _machine.State->Mie = 2;
        _machine.State->Stvec = Handler;
        _machine.Hart.SetPending(InterruptInput.SupervisorSoftware, true);
        Enter(1);
        _machine.At(Program).Emit("addi", ("rd", 5), ("immI", 7)).Emit("csrrsi", ("csr", BareMachine.Number("sstatus")), ("uimm", 2)).Emit("jal");
        _machine.At(Handler).Wfi();
        _machine.Run();
        Assert.Equal((InterruptFlag | 1, Program + 8, 7UL), (_machine.State->Scause, _machine.State->Sepc, _machine.State->X[5]));
        Assert.Equal(RiscvMstatus.SPIE | RiscvMstatus.SPP, _machine.State->Mstatus & (RiscvMstatus.SIE | RiscvMstatus.SPIE | RiscvMstatus.SPP));
    }

    [Fact]
    public void Waiting_ends_with_the_timer()
    {
        _machine.State->Menvcfg = RiscvMenvcfg.STCE;
        _machine.State->Mie = 0x20;
        _machine.Wfi().Wfi();
        _machine.Run();
        _machine.State->Stimecmp = _machine.Hart.Now + 20_000;
        while ((_machine.State->System.InterruptLines & 0x20) == 0)
            _machine.Hart.WaitForInterrupt();
        Assert.True(_machine.Hart.Now >= _machine.State->Stimecmp);
    }

    [Fact]
    public void S_mode_returns_from_traps_only_when_it_may()
    {
        _machine.State->Mstatus |= RiscvMstatus.TSR;
        Enter(1);
        _machine.At(Program).Emit("sret");
        Assert.Equal(2UL, _machine.RunToTrap());
    }

    // The program begins in a mode.
    private void Enter(int privilege)
    {
        _machine.State->Privilege = (ulong)privilege;
        _machine.State->Header.Pc = Program;
    }
}
