using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Dbt.Runtime.Machine.Bus;

/// <summary>
/// What a guest's physical addresses lead to: RAM, in one piece of host memory, and the registers of devices. Devices read and write RAM
/// through it (DMA); whatever they are told to access is checked.
/// </summary>
public sealed unsafe class PhysicalMemory : IDisposable
{
    /// <summary>Where RAM begins in the machines here, as in others of this guest.</summary>
    public const ulong DefaultRamStart = 0x8000_0000;

    private readonly HostMapping _ram;
    private MmioRange[] _ranges = [];

    /// <summary>RAM of zeros, and no devices.</summary>
    /// <param name="ramLength">Bytes of RAM: a multiple of 4096, more than 0, at most 2^47.</param>
    /// <param name="ramStart">Guest physical address of the first one; a multiple of 4096.</param>
    /// <exception cref="ArgumentOutOfRangeException">Not such a length or address.</exception>
    /// <exception cref="InsufficientMemoryException">The host has no room for it.</exception>
    public PhysicalMemory(ulong ramLength, ulong ramStart = DefaultRamStart)
    {
        if (ramLength is 0 or > 1UL << 47 || ramLength % 4096 != 0)
            throw new ArgumentOutOfRangeException(nameof(ramLength));
        if (ramStart % 4096 != 0 || ramStart > (1UL << 55))
            throw new ArgumentOutOfRangeException(nameof(ramStart));
        RamStart = ramStart;
        RamLength = ramLength;
        _ram = new HostMapping((nuint)ramLength);
    }

    /// <summary>Guest physical address of the first byte of RAM.</summary>
    public ulong RamStart { get; }

    /// <summary>Bytes of RAM.</summary>
    public ulong RamLength { get; }

    /// <summary>Host address of the first byte of RAM.</summary>
    public byte* Ram => _ram.Start;

    /// <summary>The devices, in the order of their addresses.</summary>
    public IReadOnlyList<MmioRange> Devices => _ranges;

    /// <summary>Puts a device's registers at a range. Before any hart runs.</summary>
    /// <param name="start">Guest physical address of the first byte; a multiple of 8.</param>
    /// <param name="length">Bytes, at least 1.</param>
    /// <param name="device">Who answers.</param>
    /// <exception cref="ArgumentException">The range overlaps RAM or another device.</exception>
    public void Map(ulong start, ulong length, IMmioDevice device)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentOutOfRangeException.ThrowIfZero(length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(start % 8, 0UL, nameof(start));
        if (start + (length - 1) < start || Overlap(start, length, RamStart, RamLength))
            throw new ArgumentException($"A device at 0x{start:x} overlaps RAM, or the end of memory.", nameof(start));
        if (_ranges.FirstOrDefault(range => Overlap(start, length, range.Start, range.Length)) is { } other)
            throw new ArgumentException($"A device at 0x{start:x} overlaps the one at 0x{other.Start:x}.", nameof(start));
        _ranges = [.. _ranges.Append(new MmioRange(start, length, device)).OrderBy(range => range.Start)];
    }

    /// <summary>Whether all bytes from an address on are RAM.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsRam(ulong address, ulong length) => address - RamStart < RamLength && RamLength - (address - RamStart) >= length;

    /// <summary>RAM as a span, for DMA. Harts may be changing it.</summary>
    /// <param name="address">Guest physical address, hostile.</param>
    /// <param name="length">Bytes, hostile: a negative number fails.</param>
    /// <param name="span">The bytes.</param>
    /// <returns>False when not all of it is RAM.</returns>
    public bool TryGetSpan(ulong address, int length, out Span<byte> span)
    {
        var found = length >= 0 && IsRam(address, (uint)length);
        span = found ? new Span<byte>(HostOf(address), length) : default;
        return found;
    }

    /// <summary>Copies out of RAM; false when not all of the source is RAM, and then nothing is copied.</summary>
    public bool TryRead(ulong address, Span<byte> destination)
    {
        var found = TryGetSpan(address, destination.Length, out var source);
        if (found)
            source.CopyTo(destination);
        return found;
    }

    /// <summary>Copies into RAM; false when not all of the target is RAM, and then nothing is copied.</summary>
    public bool TryWrite(ulong address, ReadOnlySpan<byte> source)
    {
        var found = TryGetSpan(address, source.Length, out var target);
        if (found)
        {
            source.CopyTo(target);
            Written?.Invoke(address, (uint)source.Length);
        }
        return found;
    }

    /// <summary>
    /// Called behind every change of RAM that no hart made, with its address and length, on the thread that made it: translations of what was
    /// there are dropped. Whoever writes through <see cref="TryGetSpan"/> calls <see cref="NoteWritten"/>.
    /// </summary>
    public event Action<ulong, ulong>? Written;

    /// <summary>Says that RAM was written through a span.</summary>
    public void NoteWritten(ulong address, ulong length) => Written?.Invoke(address, length);

    /// <summary>The device whose registers an access lies in; null when there is none.</summary>
    public MmioRange? FindDevice(ulong address, int size)
    {
        var ranges = _ranges;
        var (low, high) = (0, ranges.Length - 1);
        while (low <= high)
        {
            var middle = low + high >> 1;
            if (ranges[middle].Contains(address, size))
                return ranges[middle];
            if (ranges[middle].Start > address)
                high = middle - 1;
            else
                low = middle + 1;
        }
        return null;
    }

    /// <summary>Loads as a hart or a debugger does: from RAM, or from a device.</summary>
    /// <param name="address">Guest physical address; a multiple of <paramref name="size"/> unless it is RAM.</param>
    /// <param name="size">Bytes: 1, 2, 4 or 8.</param>
    /// <param name="value">The value, zero-extended.</param>
    /// <returns>False when nothing is there: an access fault.</returns>
    public bool TryLoad(ulong address, int size, out ulong value)
    {
        value = 0;
        if (IsRam(address, (uint)size))
        {
            Span<byte> bytes = stackalloc byte[sizeof(ulong)];
            bytes.Clear();
            new ReadOnlySpan<byte>(HostOf(address), size).CopyTo(bytes);
            value = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
            return true;
        }
        if (FindDevice(address, size) is not { } range || (address & (uint)size - 1) != 0)
            return false;
        value = range.Device.Read(address - range.Start, size);
        if (size < sizeof(ulong))
            value &= (1UL << 8 * size) - 1;
        return true;
    }

    /// <summary>Stores as a hart or a debugger does: to RAM (which is not reported to <see cref="Written"/>), or to a device.</summary>
    /// <param name="address">Guest physical address; a multiple of <paramref name="size"/> unless it is RAM.</param>
    /// <param name="size">Bytes: 1, 2, 4 or 8.</param>
    /// <param name="value">The value; what lies above the size is ignored.</param>
    /// <returns>False when nothing is there: an access fault.</returns>
    public bool TryStore(ulong address, int size, ulong value)
    {
        if (IsRam(address, (uint)size))
        {
            Span<byte> bytes = stackalloc byte[sizeof(ulong)];
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
            bytes[..size].CopyTo(new Span<byte>(HostOf(address), size));
            return true;
        }
        if (FindDevice(address, size) is not { } range || (address & (uint)size - 1) != 0)
            return false;
        if (size < sizeof(ulong))
            value &= (1UL << 8 * size) - 1;
        range.Device.Write(address - range.Start, size, value);
        return true;
    }

    /// <summary>Frees the RAM. Nobody may be using it.</summary>
    public void Dispose() => _ram.Dispose();

    private byte* HostOf(ulong address) => _ram.Start + (address - RamStart);

    private static bool Overlap(ulong start, ulong length, ulong otherStart, ulong otherLength) =>
        start < otherStart ? otherStart - start < length : start - otherStart < otherLength;
}
