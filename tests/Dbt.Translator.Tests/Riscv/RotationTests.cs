using Dbt.Isa;

namespace Dbt.Translator.Tests.Riscv;

/// <summary>
/// Values that were rotated and are compared with zero: .NET's compiler takes the zero flag from the rotation, which does not set it
/// (translator/notes/0005-regions.md).
/// </summary>
public sealed unsafe class RotationTests
{
    private const uint End = 0x00000073;

    // a0 = a1 rotated, then a2 = a3 or 0 by whether that is zero; a0 is nobody's then.
    public static TheoryData<string, string, uint[]> Programs
    {
        get
        {
            uint[][] programs =
            [
                [0x61f5d51b, 0x0ea6d633, 0x00100513], // roriw a0, a1, 31; czero.eqz a2, a3, a0; li a0, 1
                [0x61f5d513, 0x0ea6d633, 0x00100513], // rori a0, a1, 31; czero.eqz a2, a3, a0; li a0, 1
                [0x61f5d513, 0x00153613, 0x00100513], // rori a0, a1, 31; seqz a2, a0; li a0, 1
                [0x61f5d51b, 0x00a03633, 0x00100513], // roriw a0, a1, 31; snez a2, a0; li a0, 1
                [0x01f5d513, 0x02159593, 0x00b56533, 0x0ea6d633, 0x00100513, 0x00100593], // srli a0, a1, 31; slli a1, a1, 33; or a0, a0, a1; czero.eqz a2, a3, a0; ...
            ];
            var data = new TheoryData<string, string, uint[]>();
            foreach (var engine in (string[])["block", "baseline", "region"])
                foreach (var (i, program) in programs.Index())
                    data.Add(engine, $"program {i}", program);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void Zero_is_what_was_zero_before_it_was_rotated(string engine, string name, uint[] program)
    {
        foreach (var value in (ulong[])[0, 1, 0x32, 0x8000_0000, 1UL << 31 | 1UL << 40, ulong.MaxValue])
            Assert.True(Run("interpreter", program, value) == Run(engine, program, value), $"{name}, a1 = {value:x}");
    }

    private static ulong Run(string engine, uint[] program, ulong value)
    {
        using var machine = new RiscvMachine(engine);
        machine.Write(RiscvMachine.Code, [.. program, End]);
        machine.State->Pc = RiscvMachine.Code;
        machine.Hart["a1"] = value;
        machine.Hart["a3"] = 0x1234;
        Assert.Equal(ExitReason.EnvironmentCall, machine.Run());
        return machine.Hart["a2"];
    }
}
