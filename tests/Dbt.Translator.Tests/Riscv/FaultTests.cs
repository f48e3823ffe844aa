using Dbt.Isa;
using Dbt.Isa.Riscv;

namespace Dbt.Translator.Tests.Riscv;

/// <summary>What an engine says of an access that faults.</summary>
public sealed unsafe class FaultTests
{
    [Theory]
    [InlineData("interpreter")]
    [InlineData("baseline")]
    [InlineData("auto")]
    [InlineData("block")]
    public void A_read_modify_write_wants_to_write(string engine)
    {
        foreach (var operation in RiscvRv64.Instance.Operations)
        {
            if (operation is null || !operation.Traits.HasFlag(OperationTraits.Atomic))
                continue;
            using var machine = new RiscvMachine(engine);
            // rs1 = x0: address 0, where nothing is mapped.
            machine.Write(RiscvMachine.Code, operation.Match);
            machine.State->ReservationAddress = 0;
            Assert.Equal(ExitReason.MemoryFault, machine.Run(1));
            Assert.Equal(0UL, machine.State->FaultAddress);
            Assert.Equal(operation.Traits.HasFlag(OperationTraits.Stores) ? AccessKind.Write : AccessKind.Read, machine.State->FaultAccess);
        }
    }

    // The last two bytes of a word that straddles the end of memory are missing, and nobody asks for its value.
    [Theory]
    [InlineData("interpreter", false)]
    [InlineData("block", false)]
    [InlineData("interpreter", true)]
    [InlineData("block", true)]
    public void A_load_faults_although_nobody_reads_its_value(string engine, bool overwritten)
    {
        const uint End = (uint)(RiscvMachine.Data + RiscvMachine.DataSize);
        using var machine = new RiscvMachine(engine);
        machine.Write(
            RiscvMachine.Code,
            End | 0x2b7, // lui t0, End
            overwritten ? 0xffe2a503 : 0xffe2a003, // lw a0, -2(t0), or lw zero
            0x00100513, // li a0, 1
            0x00000073); // ecall
        Assert.Equal(ExitReason.MemoryFault, machine.Run());
        Assert.Equal(RiscvMachine.Code + 4, machine.State->Pc);
        Assert.Equal(End, machine.State->FaultAddress);
        Assert.Equal(1, machine.Retired);
    }

    [Theory]
    [InlineData("interpreter")]
    [InlineData("block")]
    public void A_load_that_nobody_reads_goes_on(string engine)
    {
        using var machine = new RiscvMachine(engine);
        machine.Write(
            RiscvMachine.Code,
            (uint)RiscvMachine.Data | 0x2b7, // lui t0, Data
            0x0002a003, // lw zero, 0(t0)
            0x00700513, // li a0, 7
            0x00000073); // ecall
        Assert.Equal(ExitReason.EnvironmentCall, machine.Run());
        Assert.Equal(7UL, machine.Hart["a0"]);
        Assert.Equal(4, machine.Retired);
    }

    // What was open at the first access no longer is: the division, which has two ways, wants everything in place.
    [Theory]
    [InlineData("interpreter")]
    [InlineData("baseline")]
    [InlineData("uncounted")]
    public void A_register_that_was_written_whole_is_not_extended(string engine)
    {
        const ulong Value = 0x0123_4567_89ab_cdef;
        using var machine = new RiscvMachine(engine);
        machine.Write(
            RiscvMachine.Code,
            0xfea00913, // li s2, -22
            0x00c5843b, // addw s0, a1, a2
            0x0001a283, // lw t0, 0(gp)
            0x02f756b3, // divu a3, a4, a5
            0x0081b403, // ld s0, 8(gp)
            0x00003303); // ld t1, 0(zero)
        machine.Hart["gp"] = RiscvMachine.Data;
        Assert.True(machine.Memory.TryWrite(RiscvMachine.Data + 8, Value));
        Assert.Equal(ExitReason.MemoryFault, machine.Run());
        Assert.Equal(Value, machine.Hart["s0"]);
    }

    // What the hart executes after the fault is not where the jump leads.
    [Theory]
    [InlineData("interpreter")]
    [InlineData("baseline")]
    [InlineData("uncounted")]
    [InlineData("auto")]
    [InlineData("block")]
    public void A_jump_into_nowhere_faults_again(string engine)
    {
        const ulong Elsewhere = RiscvMachine.Code + 0x100;
        using var machine = new RiscvMachine(engine);
        machine.Write(RiscvMachine.Code, 0xffffe06f); // j -0x1002
        machine.Write(Elsewhere, 0x00000073); // ecall
        for (var i = 0; i < 3; i++)
        {
            machine.State->Pc = RiscvMachine.Code;
            Assert.Equal(ExitReason.MemoryFault, machine.Run());
            Assert.Equal(RiscvMachine.Code - 0x1002, machine.State->Pc);
            machine.State->Pc = Elsewhere;
            Assert.Equal(ExitReason.EnvironmentCall, machine.Run());
        }
    }
}
