using System.Runtime.InteropServices;
using Dbt.Isa;

namespace Dbt.Translator.Tests.Riscv;

/// <summary>A register keeps its upper half when its lower half is a divisor, wherever .NET's compiler puts it (translator/notes/0005-regions.md).</summary>
public sealed unsafe class DivisionTests
{
    // What random programs found: with fewer instructions around it the divisor is not in rdx.
    private static readonly ushort[] s_program =
    [
        0x9ca9,         // addw s1, s1, a0
        0xf113, 0x0ff0, // zext.b sp, ra
        0x910e,         // add sp, sp, gp
        0x6526,         // ld a0, 72(sp)
        0x8793, 0x0c01, // addi a5, gp, 192
        0xbfaf, 0x03b7, // amoadd.d.rl t6, s11, (a5)
        0x65bb, 0x0265, // remw a1, a0, t1
        0xe2bb, 0x02aa, // remw t0, s5, a0
        0x783b, 0x0381, // remuw a6, sp, s8
        0x9ea9,         // addw a3, a3, a0
        0xc593, 0x55ce, // xori a1, t4, 1372
        0xca13, 0xfff0, // not s4, ra
        0x053b, 0x0983, // add.uw a0, t1, s8
        0x9da5,         // addw a1, a1, s1
        0x8fc9,         // or a5, a5, a0
        0x8c13, 0xff01, // addi s8, gp, -16
        0x36af, 0x076c, // amoadd.d.aqrl a3, s6, (s8)
        0x0073, 0x0000, // ecall
    ];

    [Theory]
    [InlineData("interpreter")]
    [InlineData("block")]
    [InlineData("baseline")]
    [InlineData("region")]
    public void The_upper_half_of_a_divisor_stays(string engine)
    {
        const ulong Divisor = 0x4c_e1ef_63f4_3dca;
        using var machine = new RiscvMachine(engine);
        machine.Write(RiscvMachine.Code, MemoryMarshal.AsBytes(s_program.AsSpan()));
        machine.State->Pc = RiscvMachine.Code;
        machine.Hart["gp"] = RiscvMachine.Data + 0x800;
        machine.Hart["s8"] = Divisor;
        Assert.Equal(ExitReason.EnvironmentCall, machine.Run());
        Assert.Equal(Divisor, machine.Hart["a0"]);
    }
}
