using Dbt.Isa;

namespace Dbt.Translator.Tests.Riscv;

/// <summary>Floating point where a compiler could be too clever.</summary>
public sealed class FloatingPointTests
{
    // .NET's JIT keeps float constants as doubles, which would make the signaling NaN a quiet one.
    [Theory]
    [InlineData("interpreter")]
    [InlineData("block")]
    public void A_signaling_NaN_stays_one_when_it_is_a_constant(string engine)
    {
        using var machine = new RiscvMachine(engine);
        machine.Write(
            RiscvMachine.Code,
            0x7fa00537, // lui a0, 0x7fa00
            0xf0050553, // fmv.w.x fa0, a0
            0xe00505d3, // fmv.x.w a1, fa0
            0xe0051653, // fclass.s a2, fa0
            0x20a515d3, // fsgnjn.s fa1, fa0, fa0
            0xe00586d3, // fmv.x.w a3, fa1
            0xa0a52753, // feq.s a4, fa0, fa0
            0x7ff40537, // lui a0, 0x7ff40
            0x02051513, // slli a0, a0, 32
            0xf20507d3, // fmv.d.x fa5, a0
            0xe20797d3, // fclass.d a5, fa5
            0x00000073); // ecall
        Assert.Equal(ExitReason.EnvironmentCall, machine.Run());
        Assert.Equal(0x7fa0_0000UL, machine.Hart["a1"]);
        Assert.Equal(1UL << 8, machine.Hart["a2"]);
        Assert.Equal(0xffff_ffff_ffa0_0000UL, machine.Hart["a3"]);
        Assert.Equal(0UL, machine.Hart["a4"]);
        Assert.Equal(1UL << 8, machine.Hart["a5"]);
        unsafe
        {
            Assert.Equal((uint)Isa.FloatingPoint.FloatingPointFlags.Invalid, machine.State->FpFlags);
        }
    }
}
