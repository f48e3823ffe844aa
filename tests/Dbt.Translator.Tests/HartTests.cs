using System.Runtime.InteropServices;
using Dbt.Isa.Riscv;

namespace Dbt.Translator.Tests;

/// <summary>Registers seen from outside.</summary>
public sealed unsafe class HartTests
{
    private sealed class NoCode : IGuestCode
    {
        public int Fetch(ulong address, Span<byte> destination) => 0;
    }

    [Fact]
    public void A_narrow_register_is_sign_extended_in_its_slot_and_zero_extended_for_readers()
    {
        using var hart = new Hart(RiscvRv32.Instance, RiscvRv32.Instance.DefaultExtensions, new NoCode());
        hart["a0"] = 0x1_8000_0000;
        Assert.Equal(0x8000_0000UL, hart["a0"]);
        var info = hart.Isa.RegisterFiles[0];
        Assert.Equal(int.MinValue, MemoryMarshal.Read<long>(new ReadOnlySpan<byte>((byte*)hart.State + info.Offset + 10 * info.Stride, 8)));
    }

    [Fact]
    public void Registers_have_names_numbers_and_a_zero()
    {
        using var hart = new Hart(RiscvRv64.Instance, RiscvRv64.Instance.DefaultExtensions, new NoCode());
        (hart["sp"], hart["f31"], hart["zero"], hart["pc"]) = (ulong.MaxValue, 5, 1, 0x1234);
        Assert.Equal((ulong.MaxValue, 5UL, 0UL, 0x1234UL), (hart["x2"], hart["ft11"], hart["x0"], hart.State->Pc));
        Assert.Throws<ArgumentException>(() => hart["a8"]);
        Assert.Throws<ArgumentOutOfRangeException>(() => hart.GetRegister(0, 32));
        Assert.Throws<ArgumentOutOfRangeException>(() => hart.GetRegister(2, 0));
    }
}
