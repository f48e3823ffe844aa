using System.Buffers.Binary;
using Dbt.Runtime.Machine.Bus;

namespace Dbt.Runtime.Machine.Tests.Virtio;

/// <summary>The driver's side of a queue, as a guest's kernel has it.</summary>
internal sealed class DriverQueue(PhysicalMemory memory, ulong start, int size, bool eventIndex)
{
    private readonly Dictionary<uint, (ulong Address, int Length)> _writable = [];
    private ushort _next, _seen, _free;

    /// <summary>Bytes of RAM that a queue takes, with its buffers.</summary>
    public const int Footprint = 1 << 17;

    public int Size => size;

    public ulong Descriptors => start;

    public ulong Available => start + 0x4000;

    public ulong Used => start + 0x6000;

    /// <summary>The descriptors that the device has used: this many entries, whatever the ring's size.</summary>
    public ushort UsedIndex => Read16(Used + 2);

    private ulong Buffers => start + 0x8000;

    /// <summary>Makes one buffer available: pieces to read, then pieces to write.</summary>
    /// <returns>Its head.</returns>
    public ushort Submit(byte[][] readable, int[] writable, bool indirect = false)
    {
        var count = readable.Length + writable.Length;
        var head = Allocate(indirect ? 1 : count);
        var table = indirect ? Buffers : Descriptors;
        var address = Buffers + 0x1000 + (ulong)head * 0x400;
        ulong? firstWritable = null;
        for (var i = 0; i < count; i++)
        {
            var isWritable = i >= readable.Length;
            var length = isWritable ? writable[i - readable.Length] : readable[i].Length;
            if (isWritable)
                firstWritable ??= address;
            else
                Assert.True(memory.TryWrite(address, readable[i]));
            var index = (indirect ? 0 : head) + i;
            WriteDescriptor(table, index, address, (uint)length, (ushort)((isWritable ? 2 : 0) | (i < count - 1 ? 1 : 0)), (ushort)(index + 1));
            address += (ulong)length;
        }
        if (indirect)
            WriteDescriptor(Descriptors, head, Buffers, (uint)count * 16, 4, 0);
        _writable[head] = (firstWritable ?? 0, writable.Sum());
        MakeAvailable(head);
        return head;
    }

    /// <summary>Puts a head into the available ring.</summary>
    public void MakeAvailable(ushort head)
    {
        Write16(Available + 4 + (ulong)(_next % size) * 2, head);
        _next++;
        Write16(Available + 2, _next);
    }

    /// <summary>Waits for the next used buffer and returns what the device has written into it.</summary>
    public byte[] Complete() => Complete(out _);

    /// <summary>Waits for the next used buffer and returns its writable part.</summary>
    public byte[] Complete(out uint written)
    {
        Assert.True(SpinWait.SpinUntil(() => UsedIndex != _seen, TimeSpan.FromSeconds(30)), "the device used no buffer");
        Span<byte> element = stackalloc byte[8];
        Assert.True(memory.TryRead(Used + 4 + (ulong)(_seen % size) * 8, element));
        _seen++;
        if (eventIndex)
            Write16(Available + 4 + (ulong)size * 2, _seen);
        var (address, length) = _writable[BinaryPrimitives.ReadUInt32LittleEndian(element)];
        written = BinaryPrimitives.ReadUInt32LittleEndian(element[4..]);
        var bytes = new byte[length];
        Assert.True(length == 0 || memory.TryRead(address, bytes));
        return bytes;
    }

    // One behind the other, and again from the first: the test does not submit more than fits.
    private ushort Allocate(int count)
    {
        var head = _free + count > size ? 0 : _free;
        _free = (ushort)(head + count);
        return (ushort)head;
    }

    public void WriteDescriptor(ulong table, int index, ulong address, uint length, ushort flags, ushort next)
    {
        Span<byte> descriptor = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(descriptor, address);
        BinaryPrimitives.WriteUInt32LittleEndian(descriptor[8..], length);
        BinaryPrimitives.WriteUInt16LittleEndian(descriptor[12..], flags);
        BinaryPrimitives.WriteUInt16LittleEndian(descriptor[14..], next);
        Assert.True(memory.TryWrite(table + (ulong)index * 16, descriptor));
    }

    public void Write16(ulong address, ushort value)
    {
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, value);
        Assert.True(memory.TryWrite(address, bytes));
    }

    public ushort Read16(ulong address)
    {
        Span<byte> bytes = stackalloc byte[2];
        Assert.True(memory.TryRead(address, bytes));
        return BinaryPrimitives.ReadUInt16LittleEndian(bytes);
    }
}
