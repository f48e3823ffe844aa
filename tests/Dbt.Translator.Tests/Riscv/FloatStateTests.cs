using Dbt.Isa;
using Dbt.Isa.FloatingPoint;
using Dbt.Runtime.Faults;

namespace Dbt.Translator.Tests.Riscv;

/// <summary>The guest's flags and direction are in the host's MXCSR while translated code runs, and nothing leaks either way.</summary>
public sealed unsafe class FloatStateTests
{
    private const uint Up = (uint)FloatingPointRounding.Up;
    private static readonly ulong s_one = BitConverter.DoubleToUInt64Bits(1), s_tiny = BitConverter.DoubleToUInt64Bits(1e-30);
    private static readonly ulong s_aboveOne = BitConverter.DoubleToUInt64Bits(Math.BitIncrement(1.0));

    [Theory]
    [InlineData("interpreter")]
    [InlineData("baseline")]
    [InlineData("baseline-v1")]
    public void Flags_and_direction_survive_a_host_fault(string engine)
    {
        using var machine = new RiscvMachine(engine);
        machine.Write(
            RiscvMachine.Code,
            0x1ac5f553, // fdiv.d fa0, fa1, fa2
            0x02f776d3, // fadd.d fa3, fa4, fa5
            0x0005b503, // ld a0, 0(a1)
            0x02f77853, // fadd.d fa6, fa4, fa5
            0x00000073); // ecall
        machine.State->FpRounding = Up;
        (machine.Hart["fa1"], machine.Hart["fa4"], machine.Hart["fa5"]) = (s_one, s_one, s_tiny);
        for (var i = 0; i < 100; i++)
        {
            machine.State->Pc = RiscvMachine.Code;
            machine.State->FpFlags = 0;
            machine.Hart["a1"] = RiscvMachine.Data + RiscvMachine.DataSize;
            Assert.Equal(ExitReason.MemoryFault, machine.Run());
            AssertHostRoundsToNearest();
            Assert.Equal((uint)(FloatingPointFlags.DivideByZero | FloatingPointFlags.Inexact), machine.State->FpFlags);
            Assert.Equal(s_aboveOne, machine.Hart["fa3"]);
            machine.Hart["a1"] = RiscvMachine.Data;
            machine.State->FpFlags = 0;
            Assert.Equal(ExitReason.EnvironmentCall, machine.Run());
            AssertHostRoundsToNearest();
            Assert.Equal((uint)FloatingPointFlags.Inexact, machine.State->FpFlags);
            Assert.Equal(s_aboveOne, machine.Hart["fa6"]);
        }
    }

    // fmin of a quiet NaN is the interpreter's, in C#, which raises what it likes; nothing here raises anything for the guest.
    [Theory]
    [InlineData(0u)]
    [InlineData(Up)]
    public void Flags_and_direction_survive_calls_and_collections(uint rounding)
    {
        const int Turns = 100_000;
        using var machine = new RiscvMachine("baseline");
        machine.Write(
            RiscvMachine.Code,
            0x2ac58553, // 1: fmin.d fa0, fa1, fa2
            0x02e6f6d3, //    fadd.d fa3, fa3, fa4
            0xfff50513, //    addi a0, a0, -1
            0xfe051ae3, //    bnez a0, 1b
            0x001025f3, //    frflags a1
            0x02f77853, //    fadd.d fa6, fa4, fa5
            0x00000073); //   ecall
        machine.State->FpRounding = rounding;
        (machine.Hart["fa1"], machine.Hart["fa2"], machine.Hart["fa4"], machine.Hart["fa5"]) = (0x7ff8_0000_0000_0000, s_one, s_one, s_tiny);
        machine.Hart["a0"] = Turns;
        machine.Hart["a1"] = 77;
        var running = true;
        var collector = new Thread(() =>
        {
            while (Volatile.Read(ref running))
            {
                GC.Collect(0);
                Thread.Yield();
            }
        });
        collector.Start();
        var reason = machine.Run();
        Volatile.Write(ref running, false);
        collector.Join();
        Assert.Equal(ExitReason.EnvironmentCall, reason);
        AssertHostRoundsToNearest();
        Assert.InRange(machine.Engine.Statistics.InterpretedInstructions, Turns, 2 * Turns);
        Assert.Equal(0UL, machine.Hart["a1"]);
        Assert.Equal(BitConverter.DoubleToUInt64Bits(Turns), machine.Hart["fa3"]);
        Assert.Equal(s_one, machine.Hart["fa0"]);
        Assert.Equal((uint)FloatingPointFlags.Inexact, machine.State->FpFlags);
        Assert.Equal(rounding == Up ? s_aboveOne : s_one, machine.Hart["fa6"]);
    }

    [Theory]
    [InlineData("interpreter")]
    [InlineData("block")]
    [InlineData("baseline")]
    [InlineData("baseline-v1")]
    public void State_is_read_and_changed_within_a_block(string engine)
    {
        using var machine = new RiscvMachine(engine);
        machine.Write(
            RiscvMachine.Code,
            0x00101073, // fsflags zero
            0x1ac5f553, // fdiv.d fa0, fa1, fa2
            0x00102573, // frflags a0
            0x02f776d3, // fadd.d fa3, fa4, fa5
            0x001025f3, // frflags a1
            0x00151673, // fsflags a2, a0
            0x001026f3, // frflags a3
            0x0021d073, // fsrmi 3
            0x02f77853, // fadd.d fa6, fa4, fa5
            0x00302773, // frcsr a4
            0x00301073, // fscsr zero
            0x02f778d3, // fadd.d fa7, fa4, fa5
            0x003027f3, // frcsr a5
            0x00225073, // fsrmi 4
            0x02f77053, // fadd.d ft0, fa4, fa5
            0x00202873, // frrm a6
            0x0022d073, // fsrmi 5
            0x02f770d3, // fadd.d ft1, fa4, fa5
            0x00000073); // ecall
        machine.State->FpFlags = (uint)FloatingPointFlags.Overflow;
        (machine.Hart["fa1"], machine.Hart["fa4"], machine.Hart["fa5"]) = (s_one, s_one, s_tiny);
        Assert.Equal(ExitReason.IllegalInstruction, machine.Run());
        Assert.Equal(RiscvMachine.Code + 17 * 4, machine.State->Pc);
        Assert.Equal(8UL, machine.Hart["a0"]);
        Assert.Equal(9UL, machine.Hart["a1"]);
        Assert.Equal(9UL, machine.Hart["a2"]);
        Assert.Equal(8UL, machine.Hart["a3"]);
        Assert.Equal(0x69UL, machine.Hart["a4"]);
        Assert.Equal(1UL, machine.Hart["a5"]);
        Assert.Equal(4UL, machine.Hart["a6"]);
        Assert.Equal(s_one, machine.Hart["fa3"]);
        Assert.Equal(s_aboveOne, machine.Hart["fa6"]);
        Assert.Equal(s_one, machine.Hart["fa7"]);
        Assert.Equal(s_one, machine.Hart["ft0"]);
    }

    [Theory]
    [InlineData("interpreter")]
    [InlineData("baseline")]
    public void Without_the_extension_there_is_no_floating_point_state(string engine)
    {
        using var machine = new RiscvMachine(engine);
        var f = machine.Isa.Extensions.First(extension => extension.Name == "F").Index;
        var d = machine.Isa.Extensions.First(extension => extension.Name == "D").Index;
        using var hart = new Hart(machine.Isa, machine.Isa.DefaultExtensions.Without(f).Without(d), machine.Memory);
        hart.State->Memory = machine.State->Memory;
        hart.State->MemoryLimit = machine.State->MemoryLimit;
        hart.State->Pc = RiscvMachine.Code;
        machine.Write(RiscvMachine.Code, 0x00100513, 0x00102573, 0x00000073); // li a0, 1; frflags a0; ecall
        using var scope = HostFaults.RegisterCurrentThread(hart.State);
        Assert.Equal(ExitReason.IllegalInstruction, machine.Engine.Run(hart, long.MaxValue));
        Assert.Equal(RiscvMachine.Code + 4, hart.State->Pc);
        Assert.Equal(1UL, hart["a0"]);
    }

    private static void AssertHostRoundsToNearest()
    {
        var small = BitConverter.UInt64BitsToDouble(Volatile.Read(ref System.Runtime.CompilerServices.Unsafe.AsRef(in s_tiny)));
        Assert.Equal(1.0, 1.0 + small);
        Assert.Equal(-1.0, -1.0 - small);
    }
}
