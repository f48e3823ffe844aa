using System.Reflection;
using System.Runtime.InteropServices;
using Dbt.Isa.Riscv;
using Dbt.Runtime.Machine.Boards.Riscv;
using Dbt.Runtime.Machine.Boot.Riscv;
using Dbt.Runtime.Machine.Snapshots;
using Dbt.Runtime.Machine.Tests.Fakes;
using Dbt.Runtime.Machine.Virtio;
using Dbt.Translator.Systems;

namespace Dbt.Runtime.Machine.Tests.Snapshots;

/// <summary>Whole machines: what they execute goes on in another.</summary>
public sealed class MachineSnapshotTests : IDisposable
{
    // Prints A, waits for a key, prints that plus a number that it has had since before, and switches off.
    private static readonly uint[] s_program =
    [
        0x10000537, // lui a0, 0x10000: the serial port
        0x00100413, // li s0, 1
        0x14041073, // csrw sscratch, s0
        0x04100593, 0x00b50023, // li a1, 'A'; sb a1,0(a0)
        0x00554583, // 1: lbu a1,5(a0)
        0x0015f593, // andi a1,a1,1
        0xfe058ce3, // beqz a1, 1b
        0x00054583, // lbu a1,0(a0)
        0x14002473, // csrr s0, sscratch
        0x008585b3, // add a1,a1,s0
        0x00b50023, // sb a1,0(a0)
        0x00100537, // lui a0, 0x100: the test device
        0x000055b7, 0x5555859b, 0x00b52023, // li a1, 0x5555; sw a1,0(a0): pass
        0x0000006f, // j .
    ];

    private readonly string _path = Path.GetTempFileName();
    private readonly string _disk = Path.GetTempFileName();

    public static TheoryData<string, int, bool> Machines => new()
    {
        { "virt-1", 1, false },
        { "virt-1,aia=aplic,sstc=off", 2, true },
        { "virt-1,aia=aplic-imsic", 3, true },
    };

    [Theory]
    [MemberData(nameof(Machines))]
    public async Task Another_machine_goes_on_where_this_one_was(string version, int harts, bool onPci)
    {
        var options = Options(version, harts) with { Virtio = [new EntropyOptions { IsOnPci = onPci }] };
        await SaveOne(options, _path);
        Assert.Equal("{", GoOn(options with { Snapshot = _path }));
        // It can be taken up again, as often as one likes.
        Assert.Equal("{", GoOn(options with { Snapshot = _path }));
    }

    [Fact]
    public async Task A_machine_that_is_saved_goes_on()
    {
        using var machine = new TestMachine(Options("virt-1", 2));
        machine.Start();
        for (var i = 0; i < 5; i++)
            Assert.True(machine.Machine.Save(_path));
        machine.Console.Type("z");
        await machine.Join();
        Assert.Equal("A{", machine.Console.Printed);
        Assert.False(machine.Machine.Save(_path));
        Assert.Equal("{", GoOn(Options("virt-1", 2) with { Snapshot = _path }));
    }

    [Fact]
    public async Task Another_machine_is_told_apart()
    {
        await SaveOne(Options("virt-1", 1), _path);
        var other = Options("virt-1", 2) with { Snapshot = _path };
        Assert.Contains("1 harts", Assert.Throws<SnapshotException>(() => GoOn(other)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_disk_that_was_written_since_is_refused()
    {
        File.WriteAllBytes(_disk, new byte[1 << 16]);
        var options = Options("virt-1", 1) with { Virtio = [new DiskOptions(_disk)] };
        await SaveOne(options, _path);
        Assert.Equal("{", GoOn(options with { Snapshot = _path }));
        File.WriteAllBytes(_disk, new byte[1 << 16]);
        Assert.Contains("was written after", Assert.Throws<SnapshotException>(() => GoOn(options with { Snapshot = _path })).Message, StringComparison.Ordinal);
        File.WriteAllBytes(_disk, new byte[1 << 17]);
        Assert.Contains("another disk", Assert.Throws<SnapshotException>(() => GoOn(options with { Snapshot = _path })).Message, StringComparison.Ordinal);
    }

    // Every length, and a changed byte in every part.
    [Fact]
    public async Task Damage_is_told_and_nothing_is_executed()
    {
        await SaveOne(Options("virt-1", 1), _path);
        var good = File.ReadAllBytes(_path);
        for (var length = 0; length < good.Length; length += Math.Max(1, good.Length / 37))
        {
            File.WriteAllBytes(_path, good[..length]);
            Assert.Contains("cut off", Assert.Throws<SnapshotException>(() => GoOn(Options("virt-1", 1) with { Snapshot = _path })).Message, StringComparison.Ordinal);
            var bad = (byte[])good.Clone();
            bad[length] ^= 4;
            File.WriteAllBytes(_path, bad);
            Assert.Throws<SnapshotException>(() => GoOn(Options("virt-1", 1) with { Snapshot = _path }));
        }
    }

    [Fact]
    public async Task A_snapshot_of_this_machine_that_was_committed_goes_on()
    {
        var root = typeof(MachineSnapshotTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "RepositoryRoot").Value!;
        var path = Path.Combine(root, "tests", "Dbt.Runtime.Machine.Tests", "Snapshots", "virt-1-machine.snapshot");
        if (Environment.GetEnvironmentVariable("DBT_ACCEPT_LISTINGS") is { Length: > 0 })
            await SaveOne(Options("virt-1", 2), path);
        Assert.Equal("{", GoOn(Options("virt-1", 2) with { Snapshot = path }));
    }

    public void Dispose()
    {
        File.Delete(_path);
        File.Delete(_disk);
    }

    private static async Task SaveOne(VirtMachineOptions options, string path)
    {
        using var machine = new TestMachine(options);
        machine.Start();
        Assert.True(machine.Machine.Save(path, ends: true));
        await machine.Join();
        Assert.Equal("A", machine.Console.Printed);
    }

    private static string GoOn(VirtMachineOptions options)
    {
        using var machine = new TestMachine(options);
        machine.Console.Type("z");
        machine.Run();
        return machine.Console.Printed;
    }

    private static VirtMachineOptions Options(string version, int harts)
    {
        Assert.True(VirtOptions.TryParse(version, out var board, out _));
        var image = new byte[4096];
        BitConverter.TryWriteBytes(image, 0x0400006f); // j .+64
        BitConverter.TryWriteBytes(image.AsSpan(8), 0x20_0000UL);
        BitConverter.TryWriteBytes(image.AsSpan(16), 4096UL);
        "RSC\x05"u8.CopyTo(image.AsSpan(56));
        MemoryMarshal.AsBytes(s_program.AsSpan()).CopyTo(image.AsSpan(64));
        return new VirtMachineOptions { Board = board, Harts = harts, Memory = 16 << 20, Kernel = image };
    }

    private sealed class TestMachine : IDisposable
    {
        private readonly SystemInterpreter _engine = new(RiscvRv64.Instance);
        private Task<(int ExitCode, bool WantsReset)>? _run;

        public TestMachine(VirtMachineOptions options) => Machine = new VirtMachine(options, _engine, Console);

        public FakeConsole Console { get; } = new();

        public VirtMachine Machine { get; }

        public void Run() => Assert.Equal((0, false), Machine.Run());

        // Up to the guest's first letter.
        public void Start()
        {
            _run = Task.Factory.StartNew(Machine.Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            Assert.True(SpinWait.SpinUntil(() => Console.Printed.Length > 0 || _run.IsCompleted, TimeSpan.FromSeconds(30)));
        }

        public async Task Join() => Assert.Equal((0, false), await _run!.WaitAsync(TimeSpan.FromSeconds(30)));

        public void Dispose()
        {
            Machine.Stop(1);
            _run?.Wait(TimeSpan.FromSeconds(10));
            Machine.Dispose();
            _engine.Dispose();
        }
    }
}
