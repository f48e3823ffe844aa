using Dbt.Runtime.Machine.Bus;
using Dbt.Runtime.Machine.Tests.Fakes;
using Dbt.Runtime.Machine.Virtio;

namespace Dbt.Runtime.Machine.Tests.Virtio;

/// <summary>A well-behaved driver of a device behind the registers in memory (virtio 1.2, section 3.1).</summary>
internal sealed class VirtioDriver : IDisposable
{
    private const ulong QueueStart = PhysicalMemory.DefaultRamStart + 0x1_0000;

    private readonly VirtioDevice _device;

    public VirtioDriver(Func<PhysicalMemory, VirtioDevice> create)
    {
        Memory = new PhysicalMemory(1 << 20);
        _device = create(Memory);
        Registers = new MmioTransport(_device, Line);
    }

    public VirtioDriver(PhysicalMemory memory, VirtioDevice device)
    {
        Memory = memory;
        _device = device;
        Registers = new MmioTransport(device, Line);
    }

    public PhysicalMemory Memory { get; }

    public FakeLine Line { get; } = new();

    public MmioTransport Registers { get; }

    public List<DriverQueue> Queues { get; } = [];

    public uint Status => (uint)Registers.Read(0x70, 4);

    /// <summary>Resets the device, agrees on features and enables the queues.</summary>
    /// <param name="without">Features that the driver does not know.</param>
    /// <param name="queueSize">Entries of each queue.</param>
    public VirtioDriver Start(ulong without = 0, int queueSize = 8)
    {
        Write(0x70, 0);
        Write(0x70, 1);
        Write(0x70, 3);
        var features = OfferedFeatures() & ~without;
        WriteFeatures(features);
        Write(0x70, 0xb);
        Assert.Equal(0xbu, Status);
        Queues.Clear();
        for (var i = 0; QueueSizeMax(i) is > 0 and var max; i++)
        {
            var queue = new DriverQueue(Memory, QueueStart + (ulong)i * DriverQueue.Footprint, (int)Math.Min(max, (ulong)queueSize), (features & VirtioFeatures.EventIndex) != 0);
            Assert.True(Memory.TryGetSpan(queue.Descriptors, 0x8000, out var rings));
            rings.Clear();
            EnableQueue(queue);
            Queues.Add(queue);
        }
        Write(0x70, 0xf);
        Assert.Equal(0xfu, Status);
        return this;
    }

    public ulong OfferedFeatures()
    {
        Write(0x14, 0);
        var low = Registers.Read(0x10, 4);
        Write(0x14, 1);
        return low | Registers.Read(0x10, 4) << 32;
    }

    public void WriteFeatures(ulong features)
    {
        Write(0x24, 0);
        Write(0x20, (uint)features);
        Write(0x24, 1);
        Write(0x20, (uint)(features >> 32));
    }

    public void Notify(int queue) => Write(0x50, (uint)queue);

    /// <summary>Makes a buffer available, notifies, and returns what the device wrote into it.</summary>
    public byte[] Request(int queue, byte[][] readable, int[] writable, bool indirect = false)
    {
        Queues[queue].Submit(readable, writable, indirect);
        Notify(queue);
        return Queues[queue].Complete();
    }

    public void Write(ulong register, uint value) => Registers.Write(register, 4, value);

    public void Dispose()
    {
        _device.Dispose();
        Memory.Dispose();
    }

    private ulong QueueSizeMax(int queue)
    {
        Write(0x30, (uint)queue);
        return Registers.Read(0x34, 4);
    }

    private void EnableQueue(DriverQueue queue)
    {
        Write(0x38, (uint)queue.Size);
        foreach (var (register, address) in (ReadOnlySpan<(ulong, ulong)>)[(0x80, queue.Descriptors), (0x90, queue.Available), (0xa0, queue.Used)])
        {
            Write(register, (uint)address);
            Write(register + 4, (uint)(address >> 32));
        }
        Write(0x44, 1);
        Assert.Equal(1u, Registers.Read(0x44, 4));
    }
}
