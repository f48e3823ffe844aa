using Dbt.Runtime.Machine.Bus;
using Dbt.Runtime.Machine.Interrupts;
using Dbt.Runtime.Machine.Interrupts.Riscv;
using Dbt.Runtime.Machine.Pci;
using Dbt.Runtime.Machine.Tests.Fakes;
using Dbt.Runtime.Machine.Virtio;

namespace Dbt.Runtime.Machine.Tests.Virtio;

public sealed class PciTransportTests : IDisposable
{
    private const ulong Ram = PhysicalMemory.DefaultRamStart, WindowStart = 0x4000_0000, ImsicStart = 0x2800_0000, Slot = 3 << 15;
    private const ulong Registers = 0x10_0000, Messages = 0x20_0000;

    private readonly PhysicalMemory _memory = new(1 << 20);
    private readonly FakeLine _line = new();
    private readonly InterruptFile _file;
    private readonly PciHost _host = new(WindowStart);

    public PciTransportTests()
    {
        _file = new InterruptFile(new FakeHart(), InterruptInput.SupervisorExternal);
        _memory.Map(ImsicStart, Imsic.PageLength, new Imsic([_file]));
        _host.Plug(3, new PciTransport(new EntropyDevice(_memory), _line, _memory));
        _host.ConfigurationSpace.Write(Slot + 0x10, 4, WindowStart + Registers);
        _host.ConfigurationSpace.Write(Slot + 0x14, 4, WindowStart + Messages);
        _host.ConfigurationSpace.Write(Slot + 0x04, 2, 6);
    }

    [Fact]
    public void Identifies_itself_and_nobody_else_is_there()
    {
        Assert.Equal(0x1044_1af4u, Configuration(0, 4));
        Assert.Equal(1u, Configuration(8, 1));
        Assert.Equal(0xffff_ffffu, (uint)_host.ConfigurationSpace.Read(4 << 15, 4));
        Assert.Equal(0xffffu, (ushort)_host.ConfigurationSpace.Read(Slot + (1 << 12), 2));
        Assert.Equal(0xffffu, (ushort)_host.ConfigurationSpace.Read(1 << 20 | Slot, 2));
        Assert.Equal(0u, Configuration(0x100, 4));
    }

    [Fact]
    public void Base_addresses_tell_their_size()
    {
        _host.ConfigurationSpace.Write(Slot + 0x10, 4, 0xffff_ffff);
        _host.ConfigurationSpace.Write(Slot + 0x18, 4, 0xffff_ffff);
        Assert.Equal((0xffff_c000u, 0u), (Configuration(0x10, 4), Configuration(0x18, 4)));
    }

    [Fact]
    public void Capabilities_say_where_the_registers_are()
    {
        var kinds = new List<ulong>();
        for (var at = Configuration(0x34, 1); at != 0; at = Configuration(at + 1, 1))
            kinds.Add(Configuration(at, 1) == 9 ? Configuration(at + 3, 1) : Configuration(at, 1));
        Assert.Equal([1ul, 3, 4, 2, 5, 0x11], kinds);
    }

    [Fact]
    public void Without_messages_the_pin_interrupts_until_the_status_is_read()
    {
        var queue = Start();
        Request(queue);
        Assert.True(_line.Level);
        Assert.Equal(1ul, Read(0x1000, 1));
        Assert.False(_line.Level);
        Assert.Equal(0ul, Read(0x1000, 1));
    }

    [Fact]
    public void Messages_reach_the_interrupt_file_and_wait_while_masked()
    {
        var capability = Capability(0x11);
        _host.ConfigurationSpace.Write(Slot + capability + 2, 2, 0x8000);
        var queue = Start(vector: 1);
        _file.Write(0x70, 1);
        _file.Write(0xc0, ulong.MaxValue);
        _host.Window.Write(Messages + 16, 4, ImsicStart);
        _host.Window.Write(Messages + 24, 4, 42);
        Request(queue);
        Assert.Equal(0u, _file.Top);
        Assert.Equal(2ul, _host.Window.Read(Messages + 0x800, 4));
        _host.Window.Write(Messages + 28, 4, 0);
        Assert.Equal(42u << 16 | 42, _file.Top);
        Assert.Equal(0ul, _host.Window.Read(Messages + 0x800, 4));
        Assert.False(_line.Level);
    }

    [Theory]
    [InlineData(Ram)]
    [InlineData(WindowStart + Registers + 0x3000)]
    public void Messages_go_nowhere_else(ulong address)
    {
        _host.ConfigurationSpace.Write(Slot + Capability(0x11) + 2, 2, 0x8000);
        _memory.Map(WindowStart, 0x4000_0000, _host.Window);
        var queue = Start(vector: 0);
        _host.Window.Write(Messages, 8, address);
        _host.Window.Write(Messages + 8, 4, 7);
        _host.Window.Write(Messages + 12, 4, 0);
        Request(queue);
        Assert.True(_memory.TryLoad(Ram, 4, out var word));
        Assert.Equal(0ul, word);
    }

    [Fact]
    public void The_window_in_configuration_space_reaches_registers()
    {
        var window = VendorCapability(5);
        _host.ConfigurationSpace.Write(Slot + window + 8, 4, 0x12);
        _host.ConfigurationSpace.Write(Slot + window + 12, 4, 2);
        Assert.Equal(1ul, Configuration(window + 16, 2));
        _host.ConfigurationSpace.Write(Slot + window + 8, 4, 0x14);
        _host.ConfigurationSpace.Write(Slot + window + 12, 4, 1);
        _host.ConfigurationSpace.Write(Slot + window + 16, 1, 3);
        Assert.Equal(3ul, Read(0x14, 1));
        _host.ConfigurationSpace.Write(Slot + window + 8, 4, 0xffff_fff0);
        Assert.Equal(0ul, Configuration(window + 16, 4));
    }

    [Fact]
    public void Random_accesses_harm_nothing()
    {
        var random = new Random(6);
        for (var i = 0; i < 100_000; i++)
        {
            var size = 1 << random.Next(4);
            var offset = (ulong)random.Next(random.Next(2) == 0 ? 0x100 : 0x4000) & ~((ulong)size - 1);
            var value = (ulong)random.NextInt64() >> random.Next(64);
            var (device, start) = random.Next(3) switch
            {
                0 => (_host.ConfigurationSpace, Slot),
                1 => (_host.Window, Registers),
                _ => (_host.Window, Messages),
            };
            if (random.Next(2) == 0)
                device.Read(start + offset, size);
            else
                device.Write(start + offset, size, value);
        }
        _host.ConfigurationSpace.Write(Slot + 0x10, 4, WindowStart + Registers);
        _host.ConfigurationSpace.Write(Slot + 0x14, 4, WindowStart + Messages);
        _host.ConfigurationSpace.Write(Slot + 0x04, 2, 6);
        _host.ConfigurationSpace.Write(Slot + Capability(0x11) + 2, 2, 0);
        Write(0x14, 1, 0);
        Request(Start());
        Assert.True(_line.Level);
    }

    public void Dispose() => _memory.Dispose();

    private ulong Configuration(ulong offset, int size) => _host.ConfigurationSpace.Read(Slot + offset, size);

    private ulong Read(ulong register, int size) => _host.Window.Read(Registers + register, size);

    private void Write(ulong register, int size, ulong value) => _host.Window.Write(Registers + register, size, value);

    private ulong Capability(ulong kind)
    {
        var at = Configuration(0x34, 1);
        while (Configuration(at, 1) != kind)
            at = Configuration(at + 1, 1);
        return at;
    }

    private ulong VendorCapability(ulong type)
    {
        var at = Configuration(0x34, 1);
        while (Configuration(at, 1) != 9 || Configuration(at + 3, 1) != type)
            at = Configuration(at + 1, 1);
        return at;
    }

    private DriverQueue Start(ushort vector = 0xffff)
    {
        Write(0x14, 1, 3);
        Write(0x08, 4, 1);
        Write(0x0c, 4, 1);
        Write(0x14, 1, 0xb);
        Assert.Equal(0xbul, Read(0x14, 1));
        var queue = new DriverQueue(_memory, Ram + 0x1_0000, 8, eventIndex: false);
        Write(0x16, 2, 0);
        Assert.Equal((8ul, 1ul), (Read(0x18, 2), Read(0x12, 2)));
        Write(0x1a, 2, vector);
        Write(0x20, 4, queue.Descriptors);
        Write(0x28, 4, queue.Available);
        Write(0x30, 8, queue.Used);
        Write(0x1c, 2, 1);
        Write(0x14, 1, 0xf);
        return queue;
    }

    private void Request(DriverQueue queue)
    {
        queue.Submit([], [16]);
        Write(0x3000, 2, 0);
        Assert.True(queue.Complete().Distinct().Count() > 5);
    }
}
