using System.Reflection;
using Dbt.Runtime.Machine.Boards.Riscv;
using Dbt.Runtime.Machine.Bus;
using Dbt.Runtime.Machine.Devices;
using Dbt.Runtime.Machine.Interrupts;
using Dbt.Runtime.Machine.Tests.Fakes;
using Dbt.Runtime.Machine.Timers;

namespace Dbt.Runtime.Machine.Tests.Boards.Riscv;

public sealed class VirtBoardTests
{
    private const string AcceptVariable = "DBT_ACCEPT_LISTINGS";
    private static readonly string[] s_extensions = ["I", "M", "A", "F", "D", "C", "Zicsr", "Zifencei", "Zicbom", "Sstc", "G"];

    [Fact]
    public void The_device_tree_of_virt_1_is_the_committed_one()
    {
        var root = typeof(VirtBoardTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "RepositoryRoot").Value!;
        var path = Path.Combine(root, "tests", "Dbt.Runtime.Machine.Tests", "Boards", "Riscv", "virt-1.dts");
        var actual = new VirtPreview(new VirtOptions(), 512UL << 20, 2, s_extensions).TreeSource;
        if (Environment.GetEnvironmentVariable(AcceptVariable) is { Length: > 0 })
            File.WriteAllText(path, actual);
        Assert.True(File.ReadAllText(path) == actual,
            $"What a kernel is told about virt-1 changed. Released machines do not change; before the release, accept it with {AcceptVariable}=1 and commit.\n{actual}");
    }

    [Fact]
    public void A_tree_with_AIA_tells_of_what_firmware_needs_only_where_there_is_some()
    {
        string Tree(AdvancedInterrupts aia, bool firmware)
        {
            using var memory = new PhysicalMemory(1 << 20);
            using var clock = new MachineClock();
            var harts = new VirtHarts([new FakeHart()], s_extensions) { HasFirmware = firmware, HasInterruptFiles = true };
            using var board = new VirtBoard(new VirtOptions { Aia = aia }, memory, harts, clock, new VirtBackends(new FakeConsole(), new FakeControl()));
            return board.TreeSource(new VirtBoot());
        }
        Assert.Contains("riscv,delegation = <&aplic_s 1 0x5f>;", Tree(AdvancedInterrupts.Aplic, firmware: true), StringComparison.Ordinal);
        Assert.DoesNotContain("aplic_m", Tree(AdvancedInterrupts.Aplic, firmware: false), StringComparison.Ordinal);
        Assert.Contains("imsic_m", Tree(AdvancedInterrupts.AplicImsic, firmware: true), StringComparison.Ordinal);
        var plain = Tree(AdvancedInterrupts.AplicImsic, firmware: false);
        Assert.DoesNotContain("imsic_m", plain, StringComparison.Ordinal);
        Assert.Contains("msi-parent = <&imsic_s>;", plain, StringComparison.Ordinal);
    }

    [Fact]
    public void Harts_without_interrupt_files_are_refused_where_messages_go_there()
    {
        using var memory = new PhysicalMemory(1 << 20);
        using var clock = new MachineClock();
        var options = new VirtOptions { Aia = AdvancedInterrupts.AplicImsic };
        Assert.Throws<DeviceException>(() => new VirtBoard(options, memory, new VirtHarts([new FakeHart()], s_extensions), clock, new VirtBackends(new FakeConsole(), new FakeControl())));
    }

    [Fact]
    public void Without_Sstc_no_hart_has_it() =>
        Assert.DoesNotContain("sstc", new VirtPreview(new VirtOptions { Sstc = false }, 1 << 20, 1, s_extensions).TreeSource, StringComparison.Ordinal);

    [Fact]
    public void What_one_start_is_told_stands_in_chosen()
    {
        using var machine = new Wired();
        var source = machine.Board.TreeSource(new VirtBoot { Arguments = "console=ttyS0", InitrdStart = 0x8800_0000, InitrdLength = 0x1000, RandomSeed = new byte[] { 1, 2 } });
        Assert.Contains("bootargs = \"console=ttyS0\";", source, StringComparison.Ordinal);
        Assert.Contains("linux,initrd-end = <0 0x88001000>;", source, StringComparison.Ordinal);
        Assert.Contains("rng-seed = [01 02];", source, StringComparison.Ordinal);
    }

    [Fact]
    public void Devices_answer_and_interrupt_where_the_tree_says()
    {
        using var machine = new Wired();
        Assert.True(machine.Memory.TryStore(0x0c00_0000 + 10 * 4, 4, 1));
        Assert.True(machine.Memory.TryStore(0x0c00_2080, 4, 1 << 10));
        Assert.True(machine.Memory.TryStore(0x1000_0001, 1, 1));
        machine.Console.Type("x");
        Assert.True(machine.Hart.Has(InterruptInput.SupervisorExternal));
        Assert.False(machine.Hart.Has(InterruptInput.MachineExternal));
        Assert.True(machine.Memory.TryLoad(0x1000_0000, 1, out var typed));
        Assert.Equal('x', (char)typed);
        Assert.True(machine.Memory.TryStore(0x10_0000, 4, 0x7777));
        Assert.Equal(1, machine.Control.Resets);
    }

    [Theory]
    [InlineData("virt-1", true, "")]
    [InlineData("virt-1,sstc=off,aia=aplic-imsic", false, "")]
    [InlineData("virt-1,aia=plic", true, "aia is none, aplic or aplic-imsic")]
    [InlineData("virt-9", true, "there is no machine 'virt-9'")]
    [InlineData("virt-1,sstc=maybe", true, "sstc is on or off")]
    [InlineData("virt-1,turbo", true, "'turbo' is not an option")]
    public void Options_are_read_or_refused_with_a_reason(string text, bool sstc, string refusal)
    {
        Assert.Equal(refusal.Length == 0, VirtOptions.TryParse(text, out var options, out var error));
        Assert.StartsWith(refusal, error, StringComparison.Ordinal);
        Assert.Equal(sstc, options.Sstc);
    }

    private sealed class Wired : IDisposable
    {
        private readonly MachineClock _clock = new();

        public Wired() => Board = new VirtBoard(new VirtOptions(), Memory, new VirtHarts([Hart], s_extensions), _clock, new VirtBackends(Console, Control));

        public PhysicalMemory Memory { get; } = new(1 << 20);

        public FakeHart Hart { get; } = new();

        public FakeConsole Console { get; } = new();

        public FakeControl Control { get; } = new();

        public VirtBoard Board { get; }

        public void Dispose()
        {
            Board.Dispose();
            _clock.Dispose();
            Memory.Dispose();
        }
    }
}
