using Dbt.Isa.Riscv;

namespace Dbt.Isa.Tests;

/// <summary>Names of sets of extensions.</summary>
public sealed class IsaStringTests
{
    private static readonly GuestIsa rv64 = RiscvRv64.Instance;
    private static readonly GuestIsa rv32 = RiscvRv32.Instance;

    [Theory]
    [InlineData("rv64i", "I")]
    [InlineData("rv64imc", "I M C Zca")]
    [InlineData("rv64ifc", "I F C Zicsr Zca")]
    [InlineData("rv64gc_zba", "I M A F D G C Zicsr Zifencei Zca Zcd Zba")]
    [InlineData("RV64I2p1_M2p0_Zicsr2p0", "I M Zicsr")]
    [InlineData("rv64ib", "I B Zba Zbb Zbs")]
    public void A_name_brings_what_it_implies(string text, string names)
    {
        Assert.True(IsaString.TryParse(rv64, text, out var extensions, out var error), error);
        Assert.Equal(names.Split(' ').Order(), rv64.Extensions.Where(extension => extensions.Contains(extension.Index)).Select(extension => extension.Name).Order());
    }

    [Fact]
    public void Implications_hold_in_their_variant_only()
    {
        Assert.True(IsaString.TryParse(rv32, "rv32ifc", out var narrow, out _));
        Assert.True(narrow.Contains(IsaString.Find(rv32, "Zcf")!.Index));
        Assert.True(IsaString.TryParse(rv64, "rv64ifc", out var wide, out _));
        Assert.False(wide.Contains(IsaString.Find(rv64, "Zcf")!.Index));
    }

    [Theory]
    [InlineData("rv64gc_zbaa", "did you mean 'zba'?")]
    [InlineData("rv64i_zicnod", "did you mean 'zic")]
    [InlineData("rv64i_q", "no extension 'q'")]
    [InlineData("rv128i", "not an ISA string")]
    [InlineData("rv64id_", "")]
    public void Errors_say_what_is_wrong(string text, string part)
    {
        Assert.Equal(part.Length == 0, IsaString.TryParse(rv64, text, out _, out var error));
        Assert.Contains(part, error);
    }

    [Theory]
    [InlineData("rv64imafdc_zicsr_zifencei", "rv64imadc_zifencei")]
    [InlineData("rv64gc_zba_zbb_zbs_zicond", "rv64gc_zba_zbb_zbs_zicond")]
    [InlineData("rv64imafdcgb", "rv64gcb")]
    [InlineData("rv64i", "rv64i")]
    [InlineData("rv64i_zibi", "rv64i_zibi")]
    public void A_set_has_a_shortest_name(string text, string shortest)
    {
        Assert.True(IsaString.TryParse(rv64, text, out var extensions, out _));
        var name = IsaString.Format(rv64, extensions);
        Assert.True(IsaString.TryParse(rv64, name, out var again, out _), name);
        Assert.Equal(shortest, name);
        Assert.Equal(extensions, again);
    }
}
