using Dbt.Runtime.Machine.Interrupts;
using Dbt.Runtime.Machine.Interrupts.Riscv;
using Dbt.Runtime.Machine.Tests.Fakes;

namespace Dbt.Runtime.Machine.Tests.Interrupts.Riscv;

public sealed class PlicTests
{
    private const ulong Pending = 0x1000, Enable = 0x2000, Context = 0x20_0000;

    private readonly FakeHart[] _harts = [new(), new()];
    private readonly Plic _plic;

    public PlicTests() => _plic = new(_harts, 95);

    [Fact]
    public void A_source_interrupts_those_that_enable_it_with_a_priority_above_their_threshold()
    {
        Allow(context: 1, source: 10, priority: 2);
        Allow(context: 2, source: 10, priority: 2);
        _plic.Write(Context + 2 * 0x1000, 4, 2);
        _plic.Line(10).Set(true);
        Assert.True(_harts[0].Has(InterruptInput.SupervisorExternal));
        Assert.False(_harts[0].Has(InterruptInput.MachineExternal));
        Assert.False(_harts[1].Has(InterruptInput.MachineExternal));
        _plic.Write(Context + 2 * 0x1000, 4, 1);
        Assert.True(_harts[1].Has(InterruptInput.MachineExternal));
        Assert.Equal(1u << 10, _plic.Read(Pending, 4));
    }

    [Fact]
    public void One_claim_wins_and_the_next_interrupt_comes_behind_the_completion()
    {
        Allow(context: 1, source: 40, priority: 1);
        _plic.Line(40).Set(true);
        Assert.Equal(40u, Claim(1));
        Assert.False(_harts[0].Has(InterruptInput.SupervisorExternal));
        Assert.Equal(0u, Claim(1));
        Complete(1, 40);
        Assert.True(_harts[0].Has(InterruptInput.SupervisorExternal));
        Assert.Equal(40u, Claim(1));
        _plic.Line(40).Set(false);
        Complete(1, 40);
        Assert.False(_harts[0].Has(InterruptInput.SupervisorExternal));
    }

    [Fact]
    public void The_highest_priority_is_claimed_first_and_of_equals_the_lowest_number()
    {
        Allow(context: 1, source: 5, priority: 1);
        Allow(context: 1, source: 33, priority: 7);
        Allow(context: 1, source: 64, priority: 7);
        foreach (var source in (int[])[5, 64, 33])
            _plic.Line(source).Set(true);
        Assert.Equal([33u, 64u, 5u, 0u], [Claim(1), Claim(1), Claim(1), Claim(1)]);
    }

    [Fact]
    public void The_threshold_does_not_keep_from_claiming()
    {
        Allow(context: 1, source: 5, priority: 1);
        _plic.Write(Context + 0x1000, 4, 7);
        _plic.Line(5).Set(true);
        Assert.False(_harts[0].Has(InterruptInput.SupervisorExternal));
        Assert.Equal(5u, Claim(1));
    }

    [Fact]
    public void Completing_what_is_not_enabled_is_ignored()
    {
        Allow(context: 1, source: 5, priority: 1);
        _plic.Line(5).Set(true);
        Claim(1);
        Complete(3, 5);
        Complete(1, 6);
        Complete(1, uint.MaxValue);
        Assert.False(_harts[0].Has(InterruptInput.SupervisorExternal));
        Complete(1, 5);
        Assert.True(_harts[0].Has(InterruptInput.SupervisorExternal));
    }

    [Fact]
    public void Priority_0_never_interrupts()
    {
        Allow(context: 0, source: 1, priority: 0);
        _plic.Line(1).Set(true);
        Assert.False(_harts[0].Has(InterruptInput.MachineExternal));
        Assert.Equal(0u, Claim(0));
    }

    [Fact]
    public void What_does_not_exist_reads_0_and_ignores_writes()
    {
        ulong[] nowhere = [0, 96 * 4, 0xffc, Pending + 0x80, Enable + 4 * 0x80, Context + 4 * 0x1000, Context + 4 * 0x1000 + 4, Context + 8, 0x5f_fffc];
        foreach (var offset in nowhere)
        {
            _plic.Write(offset, 4, uint.MaxValue);
            Assert.Equal(0u, _plic.Read(offset, 4));
        }
        _plic.Write(Enable, 4, uint.MaxValue);
        _plic.Write(Enable + 8, 4, uint.MaxValue);
        _plic.Write(Enable + 12, 4, uint.MaxValue);
        Assert.Equal([uint.MaxValue - 1, 0u, uint.MaxValue, 0u], Enumerable.Range(0, 4).Select(word => _plic.Read(Enable + (ulong)word * 4, 4)));
    }

    private void Allow(int context, int source, uint priority)
    {
        _plic.Write((ulong)source * 4, 4, priority);
        var word = Enable + (ulong)context * 0x80 + (ulong)(source / 32) * 4;
        _plic.Write(word, 4, _plic.Read(word, 4) | 1u << source % 32);
    }

    private ulong Claim(int context) => _plic.Read(Context + (ulong)context * 0x1000 + 4, 4);

    private void Complete(int context, uint source) => _plic.Write(Context + (ulong)context * 0x1000 + 4, 4, source);
}
