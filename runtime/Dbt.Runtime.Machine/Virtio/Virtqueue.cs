using System.Numerics;
using System.Runtime.CompilerServices;
using Dbt.Runtime.Machine.Bus;
using Dbt.Runtime.Machine.Snapshots;

namespace Dbt.Runtime.Machine.Virtio;

/// <summary>
/// A split virtqueue, from the device's side (virtio 1.2, section 2.7). All of it is the guest's and may be wrong or change at any time: each
/// address is checked, each number read once. Not thread-safe: its device locks.
/// </summary>
internal sealed unsafe class Virtqueue
{
    /// <summary>The largest size that the specification allows.</summary>
    public const int LargestSize = 32768;

    private const int DescriptorSize = 16, UsedElementSize = 8, RingHeaderSize = 4;
    private const ushort HasNext = 1, IsWritable = 2, IsIndirect = 4;
    private const ushort NoInterrupt = 1, NoNotify = 1;

    private readonly PhysicalMemory _memory;
    private byte* _descriptors, _available, _used;
    private ushort _nextAvailable, _nextUsed, _signalledUsed;
    private bool _indirect, _eventIndex;

    /// <summary>A queue that is not enabled.</summary>
    /// <param name="memory">RAM.</param>
    /// <param name="maxSize">The most entries that the driver may choose: a power of two.</param>
    public Virtqueue(PhysicalMemory memory, int maxSize)
    {
        _memory = memory;
        MaxSize = maxSize;
        Reset();
    }

    /// <summary>The most entries that the driver may choose.</summary>
    public int MaxSize { get; }

    /// <summary>Entries.</summary>
    public int Size { get; set; }

    /// <summary>Guest physical address of the descriptor table.</summary>
    public ulong DescriptorAddress { get; set; }

    /// <summary>Guest physical address of the available ring, the driver's area.</summary>
    public ulong AvailableAddress { get; set; }

    /// <summary>Guest physical address of the used ring, the device's area.</summary>
    public ulong UsedAddress { get; set; }

    /// <summary>Whether the queue is served.</summary>
    public bool IsEnabled { get; private set; }

    /// <summary>Back to what it was at first.</summary>
    public void Reset()
    {
        IsEnabled = false;
        Size = MaxSize;
        DescriptorAddress = AvailableAddress = UsedAddress = 0;
        _descriptors = _available = _used = null;
        _nextAvailable = _nextUsed = _signalledUsed = 0;
    }

    /// <summary>Takes the queue into service.</summary>
    /// <param name="features">What driver and device agreed on.</param>
    /// <returns>False when its size or an address is none.</returns>
    public bool TryEnable(ulong features)
    {
        if (IsEnabled)
            return true;
        if (Size < 1 || Size > MaxSize || !BitOperations.IsPow2(Size))
            return false;
        if (!TryMap(DescriptorAddress, 16, Size * DescriptorSize, out _descriptors)
            || !TryMap(AvailableAddress, 2, RingHeaderSize + Size * sizeof(ushort) + sizeof(ushort), out _available)
            || !TryMap(UsedAddress, 4, RingHeaderSize + Size * UsedElementSize + sizeof(ushort), out _used))
            return false;
        _indirect = (features & VirtioFeatures.IndirectDescriptors) != 0;
        _eventIndex = (features & VirtioFeatures.EventIndex) != 0;
        IsEnabled = true;
        return true;
    }

    /// <summary>Takes the queue out of service.</summary>
    public void Disable() => IsEnabled = false;

    /// <summary>Takes the next buffer that the driver has made available.</summary>
    public PopResult TryPop(DescriptorChain chain)
    {
        if (!IsEnabled)
            return PopResult.Empty;
        var waiting = (ushort)(AvailableIndex() - _nextAvailable);
        if (waiting == 0)
            return PopResult.Empty;
        if (waiting > Size)
            return PopResult.Broken;
        var head = Volatile.Read(ref Half(_available, RingHeaderSize + (_nextAvailable & Size - 1) * sizeof(ushort)));
        if (!TryWalk(chain, head))
            return PopResult.Broken;
        _nextAvailable++;
        return PopResult.Popped;
    }

    /// <summary>Takes the last pops back: those buffers are popped again.</summary>
    public void Unpop(int count) => _nextAvailable -= (ushort)count;

    /// <summary>Gives a buffer back to the driver.</summary>
    /// <param name="head">Its first descriptor.</param>
    /// <param name="written">Bytes from its first writable one on that the device has written.</param>
    public void Push(ushort head, long written)
    {
        Fill(head, written);
        Publish();
    }

    /// <summary>Writes down that a buffer was used; the driver sees it with <see cref="Publish"/>.</summary>
    /// <param name="head">Its first descriptor.</param>
    /// <param name="written">Bytes from its first writable one on that the device has written.</param>
    public void Fill(ushort head, long written)
    {
        if (!IsEnabled)
            return;
        var offset = RingHeaderSize + (_nextUsed & Size - 1) * UsedElementSize;
        Unsafe.WriteUnaligned(_used + offset, (uint)head);
        Unsafe.WriteUnaligned(_used + offset + sizeof(uint), (uint)Math.Min(written, uint.MaxValue));
        _memory.NoteWritten(UsedAddress + (uint)offset, UsedElementSize);
        _nextUsed++;
    }

    /// <summary>Shows the driver all that was filled.</summary>
    public void Publish()
    {
        if (!IsEnabled)
            return;
        Volatile.Write(ref Half(_used, 2), _nextUsed);
        _memory.NoteWritten(UsedAddress, RingHeaderSize);
    }

    /// <summary>Whether the driver wants to hear of what was pushed since this was asked last.</summary>
    public bool TakeInterrupt()
    {
        if (!IsEnabled || _signalledUsed == _nextUsed)
            return false;
        var old = _signalledUsed;
        _signalledUsed = _nextUsed;
        // The driver says what it wants, then looks at the index; the device wrote the index, and looks at what the driver wants.
        Interlocked.MemoryBarrier();
        if (!_eventIndex)
            return (Volatile.Read(ref Half(_available, 0)) & NoInterrupt) == 0;
        var wanted = Volatile.Read(ref Half(_available, RingHeaderSize + Size * sizeof(ushort)));
        return (ushort)(_nextUsed - wanted - 1) < (ushort)(_nextUsed - old);
    }

    /// <summary>Asks the driver not to notify: the device is looking anyway. The driver may do so all the same.</summary>
    public void SuppressNotifications()
    {
        if (IsEnabled && !_eventIndex)
            Volatile.Write(ref Half(_used, 0), NoNotify);
    }

    /// <summary>Asks the driver to notify of the next buffer.</summary>
    /// <returns>True when there already is one, of which the driver may not notify.</returns>
    public bool RequestNotifications()
    {
        if (!IsEnabled)
            return false;
        if (_eventIndex)
            Volatile.Write(ref Half(_used, RingHeaderSize + Size * UsedElementSize), _nextAvailable);
        else
            Volatile.Write(ref Half(_used, 0), 0);
        Interlocked.MemoryBarrier();
        return AvailableIndex() != _nextAvailable;
    }

    /// <summary>Writes the state. No buffer is with the device.</summary>
    public void Save(SnapshotWriter writer)
    {
        writer.Write(IsEnabled);
        writer.Write([DescriptorAddress, AvailableAddress, UsedAddress]);
        writer.Write([(uint)Size, _nextAvailable, _nextUsed, _signalledUsed]);
    }

    /// <summary>Takes the state up.</summary>
    public void Load(SnapshotReader reader, ulong features)
    {
        Span<ulong> addresses = stackalloc ulong[3];
        Span<uint> numbers = stackalloc uint[4];
        Reset();
        var wasEnabled = reader.ReadBoolean();
        reader.Read(addresses);
        reader.Read(numbers);
        (DescriptorAddress, AvailableAddress, UsedAddress, Size) = (addresses[0], addresses[1], addresses[2], (int)numbers[0]);
        (_nextAvailable, _nextUsed, _signalledUsed) = ((ushort)numbers[1], (ushort)numbers[2], (ushort)numbers[3]);
        if (wasEnabled && !TryEnable(features))
            throw SnapshotReader.Broken();
    }

    private static ref ushort Half(byte* ring, int offset) => ref Unsafe.AsRef<ushort>(ring + offset);

    private ushort AvailableIndex() => Volatile.Read(ref Half(_available, 2));

    private bool TryMap(ulong address, ulong alignment, int length, out byte* host)
    {
        host = null;
        if (address % alignment != 0 || !_memory.IsRam(address, (uint)length))
            return false;
        host = HostOf(address);
        return true;
    }

    // Of an address that was found in RAM.
    private byte* HostOf(ulong address) => _memory.Ram + (address - _memory.RamStart);

    private bool TryWalk(DescriptorChain chain, ushort head)
    {
        chain.Start(head);
        var table = _descriptors;
        var (size, index, indirect) = (Size, (int)head, false);
        // As many steps as there are descriptors, or it is a loop.
        for (var steps = 0; index < size && steps < size; steps++)
        {
            var descriptor = Unsafe.ReadUnaligned<Descriptor>(table + index * DescriptorSize);
            if ((descriptor.Flags & IsIndirect) != 0)
            {
                if (!_indirect || indirect || (descriptor.Flags & HasNext) != 0 || descriptor.Length is 0 or > DescriptorChain.MaxSegments * DescriptorSize
                    || descriptor.Length % DescriptorSize != 0 || !_memory.IsRam(descriptor.Address, descriptor.Length))
                    return false;
                table = HostOf(descriptor.Address);
                (size, index, indirect, steps) = ((int)descriptor.Length / DescriptorSize, 0, true, -1);
                continue;
            }
            if (descriptor.Length == 0 || !_memory.IsRam(descriptor.Address, descriptor.Length))
                return false;
            if (!chain.TryAdd(new BufferSegment(descriptor.Address, (nint)HostOf(descriptor.Address), descriptor.Length), (descriptor.Flags & IsWritable) != 0))
                return false;
            if ((descriptor.Flags & HasNext) == 0)
                return true;
            index = descriptor.Next;
        }
        return false;
    }

    private readonly record struct Descriptor(ulong Address, uint Length, ushort Flags, ushort Next);
}
