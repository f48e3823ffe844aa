using Dbt.Runtime.Machine.Block;
using Dbt.Runtime.Machine.Bus;
using Dbt.Runtime.Machine.Devices;
using Dbt.Runtime.Machine.Interrupts.Riscv;
using Dbt.Runtime.Machine.Net;
using Dbt.Runtime.Machine.Sharing;
using Dbt.Runtime.Machine.Tests.Fakes;
using Dbt.Runtime.Machine.Tests.Virtio;
using Dbt.Runtime.Machine.Timers;
using Dbt.Runtime.Machine.Virtio;

namespace Dbt.Runtime.Machine.Tests.Fuzz;

/// <summary>
/// Device models against hostile guests, always with the same random numbers. That no exception leaves a device, on a hart's thread or on its
/// own, is checked by being here at the end; that nothing outside of RAM is touched, by the pages around it, which fault.
/// </summary>
public sealed class DeviceFuzzTests
{
    private const ulong RamLength = 1 << 20;

    [Fact]
    public void Entropy() => Attack(30_000, memory => new EntropyDevice(memory), driver => driver.Request(0, [], [16]));

    [Fact]
    public void Console() => Attack(30_000, memory => new ConsoleDevice(memory, new FakeConsole()), driver => driver.Request(1, [[65]], []));

    [Fact]
    public void Block()
    {
        // In memory where there is such a place: flushes of a disk of the host take their time.
        var path = Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"dbt-fuzz-{Guid.NewGuid():n}");
        File.WriteAllBytes(path, new byte[1 << 15]);
        try
        {
            Attack(20_000, memory => new BlockDevice(memory, RawDisk.Open(path, readOnly: false), "fuzz"), driver => Assert.Equal(0, driver.Request(0, [new byte[16]], [512, 1])[^1]));
            Assert.Equal(1 << 15, new FileInfo(path).Length);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Network() => Attack(20_000, memory => new NetworkDevice(memory, new EagerNetwork()), driver => driver.Request(1, [new byte[12], [1]], []));

    [Fact]
    public void SharedFolder()
    {
        var directory = Directory.CreateTempSubdirectory("dbt-fuzz-").FullName;
        try
        {
            Attack(10_000, memory => new SharedFolderDevice(memory, new FolderServer(directory, isReadOnly: false), "fuzz"),
                driver => Assert.Equal(7, driver.Request(0, [[7, 0, 0, 0, 120, 1, 0]], [64])[4]));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    public void Registers()
    {
        using var clock = new MachineClock();
        using var rtc = new GoldfishClock(new FakeLine(), new ManualTime());
        var harts = new FakeHart[] { new(), new() };
        var random = new Random(4);
        IMmioDevice[] devices = [new Clint(clock, harts), new Plic(harts, 95), new Uart16550(new FakeLine(), new FakeConsole()), rtc, new SystemTester(new FakeControl()), new MmioTransport(null, new FakeLine())];
        for (var i = 0; i < 400_000; i++)
        {
            var device = devices[random.Next(devices.Length)];
            var size = 1 << random.Next(4);
            var offset = (ulong)random.NextInt64(random.Next(3) == 0 ? 0x60_0000 : 0x100) & ~((ulong)size - 1);
            // What a guest cannot reach: the bus gives each device its own range only.
            offset %= device switch
            {
                Clint => Clint.Length,
                Plic => Plic.Length,
                _ => 0x100,
            };
            if (random.Next(2) == 0)
                device.Read(offset, size);
            else
                device.Write(offset, size, (ulong)random.NextInt64() >> random.Next(64));
        }
    }

    private static void Attack(int cases, Func<PhysicalMemory, VirtioDevice> create, Action<VirtioDriver> request)
    {
        var random = new Random(cases);
        using var memory = new PhysicalMemory(RamLength);
        using var device = create(memory);
        var driver = new HostileDriver(memory, device, random);
        for (var i = 0; i < cases; i++)
            driver.Run();
        // What was done to it has not broken it for the next driver.
        using var next = new VirtioDriver(memory, device);
        request(next.Start());
    }

    // Takes all that is sent, and sends something back, on the thread that wakes it.
    private sealed class EagerNetwork : INetwork
    {
        private readonly Random _random = new(5);
        private readonly byte[] _frame = new byte[70_000];
        private INetworkPort? _port;

        public void Attach(INetworkPort port) => _port = port;

        public void Wake()
        {
            while (_port!.Transmit(_frame) > 0)
                _port.TryReceive(_frame.AsSpan(0, _random.Next(1, _random.Next(8) == 0 ? 65_000 : 1500)), new FrameOffload(34, 16, 1460, 54));
        }

        public void Dispose()
        {
        }
    }
}
