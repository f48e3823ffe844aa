using System.Buffers.Binary;
using Dbt.Runtime.Machine.Bus;
using Dbt.Runtime.Machine.Tests.Fakes;
using Dbt.Runtime.Machine.Virtio;

namespace Dbt.Runtime.Machine.Tests.Fuzz;

/// <summary>A driver that means harm, or is broken: rings and descriptors of numbers that are wrong in interesting ways, registers at random.</summary>
internal sealed class HostileDriver(PhysicalMemory memory, VirtioDevice device, Random random)
{
    private const int QueueSize = 8;
    private const ulong Ram = PhysicalMemory.DefaultRamStart, RingStride = 0x400;

    private readonly MmioTransport _registers = new(device, new FakeLine());

    private ulong Tables => Ram + 0x2000;

    /// <summary>One session: sets the device up, more or less, and lets it work on nonsense.</summary>
    public void Run()
    {
        FillRam();
        if (random.Next(8) > 0)
            Start();
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            Disturb();
            for (var queue = 0; queue < device.Queues.Count; queue++)
                Notify(queue);
        }
        if (random.Next(2) == 0)
            Write(0x70, 0);
    }

    private void Start()
    {
        Write(0x70, 0);
        Write(0x70, 3);
        var features = device.OfferedFeatures;
        if (random.Next(2) == 0)
            features &= ~VirtioFeatures.EventIndex;
        Write(0x24, 0);
        Write(0x20, (uint)features);
        Write(0x24, 1);
        Write(0x20, (uint)(features >> 32));
        Write(0x70, 0xb);
        for (var queue = 0; queue < device.Queues.Count; queue++)
            EnableQueue(queue);
        Write(0x70, 0xf);
    }

    private void EnableQueue(int queue)
    {
        Write(0x30, (uint)queue);
        Write(0x38, random.Next(16) == 0 ? (uint)random.Next() : QueueSize);
        var rings = Ram + (ulong)queue * RingStride;
        foreach (var (register, address) in (ReadOnlySpan<(ulong, ulong)>)[(0x80, rings), (0x90, rings + 0x100), (0xa0, rings + 0x200)])
        {
            var place = random.Next(32) == 0 ? Address() : address;
            Write(register, (uint)place);
            Write(register + 4, (uint)(place >> 32));
        }
        Write(0x44, 1);
    }

    private void Notify(int queue)
    {
        if (!memory.TryGetSpan(Ram + (ulong)queue * RingStride, (int)RingStride, out var ring))
            return;
        for (var i = 0; i < QueueSize; i++)
            FillDescriptor(ring[(i * 16)..], QueueSize);
        var available = ring[0x100..];
        var index = BinaryPrimitives.ReadUInt16LittleEndian(available[2..]);
        for (var i = 0; i < QueueSize; i++)
            BinaryPrimitives.WriteUInt16LittleEndian(available[(4 + i * 2)..], (ushort)(random.Next(16) == 0 ? random.Next(1 << 16) : random.Next(QueueSize)));
        BinaryPrimitives.WriteUInt16LittleEndian(available[2..], (ushort)(index + (random.Next(32) == 0 ? random.Next(1 << 16) : random.Next(QueueSize + 1))));
        Write(0x50, (uint)queue);
    }

    // Most are right on their own: what is wrong at once is refused before it can do harm.
    private void FillDescriptor(Span<byte> descriptor, int tableSize)
    {
        var isIndirect = random.Next(8) == 0;
        var length = isIndirect ? (uint)random.Next(1, 9) * 16 : Length();
        BinaryPrimitives.WriteUInt64LittleEndian(descriptor, isIndirect && random.Next(8) > 0 ? Tables + (ulong)random.Next(16) * 16 : Address());
        BinaryPrimitives.WriteUInt32LittleEndian(descriptor[8..], length);
        BinaryPrimitives.WriteUInt16LittleEndian(descriptor[12..], (ushort)(random.Next(32) == 0 ? random.Next(1 << 16) : isIndirect ? 4 : random.Next(4)));
        BinaryPrimitives.WriteUInt16LittleEndian(descriptor[14..], (ushort)(random.Next(32) == 0 ? random.Next(1 << 16) : random.Next(tableSize)));
    }

    // Tables of descriptors, and requests: small numbers where types, sizes and offsets may stand.
    private void FillRam()
    {
        if (!memory.TryGetSpan(Ram + 0x1000, 0x3000, out var span))
            return;
        for (var i = 0; i < 16; i++)
            FillDescriptor(span[(0x1000 + i * 16)..], 8);
        for (var i = 0; i < 0x1000; i += 8)
            BinaryPrimitives.WriteUInt64LittleEndian(span[i..], random.Next(4) == 0 ? (ulong)random.NextInt64() : (ulong)random.Next(16) << random.Next(4) * 8);
    }

    private void Disturb()
    {
        for (var i = random.Next(4); i > 0; i--)
        {
            var size = 1 << random.Next(4);
            var offset = (ulong)random.Next(random.Next(2) == 0 ? 0x200 : (int)MmioTransport.Length) & ~((ulong)size - 1);
            if (random.Next(2) == 0)
                _registers.Read(offset, size);
            else if (offset is not 0x70 || random.Next(8) == 0)
                _registers.Write(offset, size, (ulong)random.NextInt64() >> random.Next(64));
        }
    }

    private ulong Address() => random.Next(16) switch
    {
        0 => Ram - (ulong)random.Next(32),
        1 => Ram + memory.RamLength - (ulong)random.Next(64),
        2 => (ulong)random.NextInt64() << random.Next(2),
        _ => Ram + 0x1000 + (ulong)random.Next(0x200) * 8,
    };

    private uint Length() => random.Next(32) switch
    {
        0 => 0,
        1 => uint.MaxValue - (uint)random.Next(16),
        2 => (uint)random.Next(),
        < 8 => (uint)random.Next(1, 4) * 512,
        < 16 => 16,
        < 24 => 1,
        _ => (uint)random.Next(1, 300),
    };

    private void Write(ulong register, uint value) => _registers.Write(register, 4, value);
}
