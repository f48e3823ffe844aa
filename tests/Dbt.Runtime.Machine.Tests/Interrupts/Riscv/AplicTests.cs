using Dbt.Runtime.Machine.Interrupts;
using Dbt.Runtime.Machine.Interrupts.Riscv;
using Dbt.Runtime.Machine.Tests.Fakes;

namespace Dbt.Runtime.Machine.Tests.Interrupts.Riscv;

public sealed class AplicTests
{
    private const ulong Domain = 0, Source = 0x0000, SetPendingNumber = 0x1cdc, Inputs = 0x1d00, Pending = 0x1c00, EnableNumber = 0x1edc, DisableNumber = 0x1fdc, Target = 0x3000, Delivery = 0x4000;
    private const uint Level1 = 6, Level0 = 7, Edge1 = 4, Edge0 = 5, Detached = 1;

    private readonly FakeHart[] _harts = [new(), new()];

    [Fact]
    public void Levels_interrupt_while_they_last()
    {
        var aplic = Direct();
        var domain = aplic.Supervisor;
        Allow(domain, source: 10, Level1, hart: 1, priority: 3);
        aplic.Line(10).Set(true);
        Assert.True(_harts[1].Has(InterruptInput.SupervisorExternal));
        Assert.False(_harts[0].Has(InterruptInput.SupervisorExternal));
        Assert.Equal(10u << 16 | 3, Claim(domain, 1));
        Assert.True(_harts[1].Has(InterruptInput.SupervisorExternal));
        aplic.Line(10).Set(false);
        Assert.False(_harts[1].Has(InterruptInput.SupervisorExternal));
        Assert.Equal(0u, Claim(domain, 1));
    }

    [Fact]
    public void Edges_interrupt_until_claimed()
    {
        var aplic = Direct();
        var domain = aplic.Supervisor;
        Allow(domain, source: 3, Edge1, hart: 0, priority: 1);
        Allow(domain, source: 4, Edge0, hart: 0, priority: 1);
        Assert.Equal(1u << 4, domain.Read(Inputs, 4));
        Assert.Equal(4u << 16 | 1, Claim(domain, 0)); // low from the start
        aplic.Line(3).Set(true);
        aplic.Line(3).Set(false);
        aplic.Line(4).Set(true);
        Assert.Equal(3u << 16 | 1, Claim(domain, 0));
        Assert.Equal(0u, Claim(domain, 0));
        aplic.Line(4).Set(false);
        Assert.Equal(4u << 16 | 1, Claim(domain, 0));
    }

    [Fact]
    public void The_lowest_number_of_priority_wins_and_the_threshold_is_the_first_that_does_not()
    {
        var aplic = Direct();
        var domain = aplic.Supervisor;
        Allow(domain, 5, Detached, hart: 0, priority: 9);
        Allow(domain, 6, Detached, hart: 0, priority: 2);
        Allow(domain, 7, Detached, hart: 0, priority: 2);
        foreach (var source in (uint[])[5, 6, 7])
            domain.Write(SetPendingNumber, 4, source);
        domain.Write(Delivery + 8, 4, 9);
        Assert.Equal([6u << 16 | 2, 7u << 16 | 2, 0u], [Claim(domain, 0), Claim(domain, 0), Claim(domain, 0)]);
        Assert.False(_harts[0].Has(InterruptInput.SupervisorExternal));
        domain.Write(Delivery + 8, 4, 0);
        Assert.True(_harts[0].Has(InterruptInput.SupervisorExternal));
        domain.Write(DisableNumber, 4, 5);
        Assert.False(_harts[0].Has(InterruptInput.SupervisorExternal));
    }

    [Fact]
    public void Sources_belong_to_M_mode_until_they_are_delegated()
    {
        var aplic = new Aplic(_harts, 95, null, null, isDelegated: false);
        Allow(aplic.Supervisor, 10, Level1, hart: 0, priority: 1);
        aplic.Line(10).Set(true);
        Assert.Equal(0u, aplic.Supervisor.Read(Source + 40, 4));
        Assert.False(_harts[0].Has(InterruptInput.SupervisorExternal));
        Allow(aplic.Machine, 10, Level1, hart: 0, priority: 1);
        Assert.True(_harts[0].Has(InterruptInput.MachineExternal));
        aplic.Machine.Write(Source + 40, 4, 0x400);
        Assert.False(_harts[0].Has(InterruptInput.MachineExternal));
        Allow(aplic.Supervisor, 10, Level1, hart: 0, priority: 1);
        Assert.True(_harts[0].Has(InterruptInput.SupervisorExternal));
    }

    [Fact]
    public void Messages_are_sent_once_and_again_when_asked_while_a_level_lasts()
    {
        var files = _harts.Select(hart => new InterruptFile(hart, InterruptInput.SupervisorExternal)).ToArray();
        var aplic = new Aplic(_harts, 95, files, files, isDelegated: true);
        var domain = aplic.Supervisor;
        files[1].Write(0x70, 1);
        files[1].Write(0xc0, ulong.MaxValue);
        domain.Write(Domain, 4, 0x104);
        domain.Write(Source + 40, 4, Level1);
        domain.Write(Target + 40, 4, 1u << 18 | 33);
        domain.Write(EnableNumber, 4, 10);
        aplic.Line(10).Set(true);
        Assert.True(_harts[1].Has(InterruptInput.SupervisorExternal));
        Assert.Equal(33u << 16 | 33, files[1].Top);
        files[1].Claim(files[1].Top);
        Assert.False(_harts[1].Has(InterruptInput.SupervisorExternal));
        Assert.Equal(0u, domain.Read(Pending, 4));
        domain.Write(SetPendingNumber, 4, 10);
        Assert.Equal(33u << 16 | 33, files[1].Top);
        files[1].Claim(files[1].Top);
        aplic.Line(10).Set(false);
        domain.Write(SetPendingNumber, 4, 10);
        Assert.Equal(0u, files[1].Top);
        domain.Write(Target, 4, 1u << 18 | 34); // genmsi
        Assert.Equal(34u << 16 | 34, files[1].Top);
    }

    [Fact]
    public void Files_have_thresholds_and_switches()
    {
        var file = new InterruptFile(_harts[0], InterruptInput.MachineExternal);
        file.Signal(0);
        file.Signal(256);
        file.Signal(70);
        file.Write(0xc2, 1 << 6);
        Assert.Equal(70u << 16 | 70, file.Top);
        Assert.False(_harts[0].Has(InterruptInput.MachineExternal));
        file.Write(0x70, 1);
        Assert.True(_harts[0].Has(InterruptInput.MachineExternal));
        file.Write(0x72, 70);
        Assert.False(_harts[0].Has(InterruptInput.MachineExternal));
        file.Write(0x72, 71);
        Assert.Equal(70u << 16 | 70, file.Top);
        file.Claim(file.Top);
        Assert.Equal((0u, 0ul, 1ul << 6), (file.Top, file.Read(0x82), file.Read(0xc2)));
        Assert.True(InterruptFile.Has(0x80));
        Assert.False(InterruptFile.Has(0x81));
    }

    [Fact]
    public void Random_accesses_harm_nothing()
    {
        var random = new Random(7);
        var files = _harts.Select(hart => new InterruptFile(hart, InterruptInput.SupervisorExternal)).ToArray();
        Aplic[] controllers = [Direct(), new Aplic(_harts, 95, files, files, isDelegated: false)];
        for (var i = 0; i < 50_000; i++)
        {
            var aplic = controllers[random.Next(2)];
            var domain = random.Next(2) == 0 ? aplic.Machine : aplic.Supervisor;
            var offset = (ulong)random.Next((int)AplicDomain.Length / 4) * 4;
            if (random.Next(8) == 0)
                aplic.Line(random.Next(1, 96)).Set(random.Next(2) == 0);
            else if (random.Next(2) == 0)
                domain.Read(offset, 4);
            else
                domain.Write(offset, 4, (ulong)random.NextInt64() >> random.Next(64));
        }
    }

    private Aplic Direct() => new(_harts, 95, null, null, isDelegated: true);

    private static void Allow(AplicDomain domain, uint source, uint mode, uint hart, uint priority)
    {
        domain.Write(Domain, 4, 0x100);
        domain.Write(Source + source * 4, 4, mode);
        domain.Write(Target + source * 4, 4, hart << 18 | priority);
        domain.Write(EnableNumber, 4, source);
        domain.Write(Delivery + hart * 32, 4, 1);
    }

    private static uint Claim(AplicDomain domain, int hart) => (uint)domain.Read(Delivery + (ulong)hart * 32 + 0x1c, 4);
}
