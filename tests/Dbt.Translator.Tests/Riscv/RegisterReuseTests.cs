using Dbt.Isa;

namespace Dbt.Translator.Tests.Riscv;

/// <summary>A register's place may be given a new value only when nobody wants the old one any more.</summary>
public sealed unsafe class RegisterReuseTests
{
    [Theory]
    [InlineData("interpreter")]
    [InlineData("block")]
    [InlineData("baseline")]
    [InlineData("region")]
    public void A_value_that_ends_up_in_a_register_does_not_get_there_before_the_old_one_is_read(string engine)
    {
        using var machine = new RiscvMachine(engine);
        // not t0, t0; neg ra, t1; mv t1, t0; not t0, a1: the first value is t1's in the end, and t1 is read behind it.
        machine.Write(RiscvMachine.Code, 0xfff2c293, 0x406000b3, 0x00028313, 0xfff5c293, 0x00000073);
        machine.State->Pc = RiscvMachine.Code;
        machine.Hart["t0"] = 0x10;
        machine.Hart["t1"] = 5;
        machine.Hart["a1"] = 7;
        Assert.Equal(ExitReason.EnvironmentCall, machine.Run());
        Assert.Equal(unchecked((ulong)-5), machine.Hart["ra"]);
        Assert.Equal(~0x10UL, machine.Hart["t1"]);
        Assert.Equal(~7UL, machine.Hart["t0"]);
    }
}
