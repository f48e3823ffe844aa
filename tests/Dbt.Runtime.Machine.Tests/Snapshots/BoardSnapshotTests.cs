using System.Reflection;
using Dbt.Runtime.Machine.Boards.Riscv;
using Dbt.Runtime.Machine.Bus;
using Dbt.Runtime.Machine.Interrupts;
using Dbt.Runtime.Machine.Snapshots;
using Dbt.Runtime.Machine.Tests.Fakes;
using Dbt.Runtime.Machine.Tests.Virtio;
using Dbt.Runtime.Machine.Timers;
using Dbt.Runtime.Machine.Virtio;

namespace Dbt.Runtime.Machine.Tests.Snapshots;

public sealed class BoardSnapshotTests : IDisposable
{
    private const ulong Ram = PhysicalMemory.DefaultRamStart, Entropy = 0x1000_1000, Uart = 0x1000_0000, Plic = 0xc00_0000, Clint = 0x200_0000, Rtc = 0x10_1000;

    private readonly string _path = Path.GetTempFileName();

    [Fact]
    public void Another_board_goes_on_where_this_one_was()
    {
        using var first = new Machine();
        first.Prepare();
        first.Console.Type("typed");
        SnapshotFile.Save(_path, "virt-1", first.Board.SnapshotParts());
        using var second = new Machine();
        second.Store(Ram + 0x5000, 8, 0x1234);
        SnapshotFile.Load(_path, "virt-1", second.Board.SnapshotParts());
        second.Check(fifo: "typed");
        // The queue is where it was: the next buffer is used.
        second.Queue.Submit([], [16]);
        second.Queue.Submit([], [16]);
        second.Store(Entropy + 0x50, 4, 0);
        Assert.Equal(2, second.Queue.UsedIndex);
        Assert.True(second.Hart.Has(InterruptInput.SupervisorExternal));
    }

    [Fact]
    public void A_snapshot_of_this_machine_that_was_committed_is_restored()
    {
        var root = typeof(BoardSnapshotTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "RepositoryRoot").Value!;
        var path = Path.Combine(root, "tests", "Dbt.Runtime.Machine.Tests", "Snapshots", "virt-1.snapshot");
        if (Environment.GetEnvironmentVariable("DBT_ACCEPT_LISTINGS") is { Length: > 0 })
        {
            using var first = new Machine();
            first.Prepare();
            first.Console.Type("typed");
            SnapshotFile.Save(path, "virt-1", first.Board.SnapshotParts());
        }
        using var second = new Machine();
        SnapshotFile.Load(path, "virt-1", second.Board.SnapshotParts());
        second.Check(fifo: "typed");
    }

    [Fact]
    public void Other_devices_are_another_machine()
    {
        using var first = new Machine();
        SnapshotFile.Save(_path, "virt-1", first.Board.SnapshotParts());
        using var second = new Machine(new ConsoleOptions(new FakeConsole()));
        Assert.Contains("type 4 as 'virtio 0'", Assert.Throws<SnapshotException>(() => SnapshotFile.Load(_path, "virt-1", second.Board.SnapshotParts())).Message, StringComparison.Ordinal);
    }

    public void Dispose() => File.Delete(_path);

    private sealed class Machine : IDisposable
    {
        private readonly MachineClock _clock = new();

        public Machine(VirtioOptions? device = null)
        {
            Board = new VirtBoard(new VirtOptions(), Memory, new VirtHarts([Hart], ["I"]), _clock, new VirtBackends(Console, new FakeControl()) { Virtio = [device ?? new EntropyOptions()] });
            Queue = new DriverQueue(Memory, Ram + 0x1_0000, 8, eventIndex: false);
        }

        public PhysicalMemory Memory { get; } = new(1 << 18);

        public FakeHart Hart { get; } = new();

        public FakeConsole Console { get; } = new();

        public VirtBoard Board { get; }

        public DriverQueue Queue { get; }

        public void Prepare()
        {
            Store(Ram + 0x3000, 8, 0xfeed_beef);
            Store(Uart + 2, 1, 0x01);
            Store(Uart + 7, 1, 0xa5);
            Store(Plic + 4, 4, 3);
            Store(Plic + 0x2080, 4, 1 << 1);
            Store(Clint, 4, 1);
            Store(Clint + 0x4000, 8, 1UL << 60);
            Store(Clint + 0xbff8, 8, 1UL << 50);
            Store(Rtc + 0x0c, 4, 0x7fff_ffff);
            Store(Rtc + 0x08, 4, 1);
            Store(Entropy + 0x70, 4, 3);
            Store(Entropy + 0x24, 4, 1);
            Store(Entropy + 0x20, 4, 1);
            Store(Entropy + 0x70, 4, 0xb);
            Store(Entropy + 0x38, 4, 8);
            Store(Entropy + 0x80, 4, Queue.Descriptors);
            Store(Entropy + 0x90, 4, Queue.Available);
            Store(Entropy + 0xa0, 4, Queue.Used);
            Store(Entropy + 0x44, 4, 1);
            Store(Entropy + 0x70, 4, 0xf);
        }

        public void Check(string fifo)
        {
            Assert.Equal((0xfeed_beeful, 0ul), (Load(Ram + 0x3000, 8), Load(Ram + 0x5000, 8)));
            Assert.Equal(fifo, string.Concat(fifo.Select(_ => (char)Load(Uart, 1))));
            Assert.Equal(0xa5ul, Load(Uart + 7, 1));
            Assert.Equal((3ul, 2ul), (Load(Plic + 4, 4), Load(Plic + 0x2080, 4)));
            Assert.Equal((1ul, 1ul << 60), (Load(Clint, 4), Load(Clint + 0x4000, 8)));
            Assert.True(Hart.Has(InterruptInput.MachineSoftware));
            Assert.InRange(Load(Clint + 0xbff8, 8), 1UL << 50, 1UL << 51);
            Assert.Equal((1ul, 0x7fff_fffful), (Load(Rtc + 0x18, 4), Load(Rtc + 0x0c, 4)));
            Assert.Equal((0xful, 1ul), (Load(Entropy + 0x70, 4), Load(Entropy + 0x44, 4)));
        }

        public void Store(ulong address, int size, ulong value) => Assert.True(Memory.TryStore(address, size, value));

        public void Dispose()
        {
            Board.Dispose();
            _clock.Dispose();
            Memory.Dispose();
        }

        private ulong Load(ulong address, int size)
        {
            Assert.True(Memory.TryLoad(address, size, out var value));
            return value;
        }
    }
}
