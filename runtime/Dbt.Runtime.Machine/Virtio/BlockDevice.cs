using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Dbt.Runtime.Machine.Block;
using Dbt.Runtime.Machine.Bus;

namespace Dbt.Runtime.Machine.Virtio;

/// <summary>
/// A disk (virtio 1.2, section 5.2). Requests are carried out by threads of the device, several at once, but for small reads of what the host has in
/// memory. They may complete in another order than they came in, as disks do; a flush covers what was completed before it.
/// </summary>
internal sealed class BlockDevice : ThreadedDevice
{
    private const int QueueSize = 256, Threads = 2;
    private const int MaxSegments = QueueSize - 2, MaxSegmentSize = 1 << 20, MaxRanges = 32;
    private const int SerialSize = 20;

    // Bytes that a hart copies itself.
    private const int MostImmediate = 1 << 16;

    private const ulong SizeMax = 1 << 1, SegmentMax = 1 << 2, ReadOnly = 1 << 5, BlockSize = 1 << 6, Flush = 1 << 9, Discard = 1 << 13, WriteZeroes = 1 << 14;
    private const uint TypeIn = 0, TypeOut = 1, TypeFlush = 4, TypeGetId = 8, TypeDiscard = 11, TypeWriteZeroes = 13;
    private const byte StatusOk = 0, StatusError = 1, StatusUnsupported = 2;
    private const uint UnmapFlag = 1;

    private readonly RawDisk _disk;
    private readonly byte[] _configuration = new byte[60], _serial = new byte[SerialSize];
    private readonly IoVector[][] _vectors = new IoVector[Threads + 1][];

    /// <summary>A disk with an image, which it owns.</summary>
    /// <param name="memory">RAM.</param>
    /// <param name="disk">The image.</param>
    /// <param name="serial">What the guest sees as serial number: at most 20 bytes of it.</param>
    public BlockDevice(PhysicalMemory memory, RawDisk disk, string serial)
        : base(memory, QueueSize, "virtio-blk", Threads)
    {
        _disk = disk;
        foreach (ref var vectors in _vectors.AsSpan())
            vectors = new IoVector[DescriptorChain.MaxSegments];
        var text = Encoding.ASCII.GetBytes(serial);
        text.AsSpan(0, Math.Min(text.Length, SerialSize)).CopyTo(_serial);
        var configuration = _configuration.AsSpan();
        BinaryPrimitives.WriteInt64LittleEndian(configuration, disk.Sectors);
        BinaryPrimitives.WriteInt32LittleEndian(configuration[8..], MaxSegmentSize);
        BinaryPrimitives.WriteInt32LittleEndian(configuration[12..], MaxSegments);
        BinaryPrimitives.WriteInt32LittleEndian(configuration[20..], RawDisk.SectorSize);
        BinaryPrimitives.WriteInt32LittleEndian(configuration[36..], int.MaxValue / RawDisk.SectorSize); // max_discard_sectors
        BinaryPrimitives.WriteInt32LittleEndian(configuration[40..], MaxRanges);
        BinaryPrimitives.WriteInt32LittleEndian(configuration[44..], 4096 / RawDisk.SectorSize); // discard_sector_alignment
        BinaryPrimitives.WriteInt32LittleEndian(configuration[48..], int.MaxValue / RawDisk.SectorSize); // max_write_zeroes_sectors
        BinaryPrimitives.WriteInt32LittleEndian(configuration[52..], MaxRanges);
        configuration[56] = 1; // write_zeroes_may_unmap
    }

    /// <inheritdoc/>
    public override uint Type => 2;

    /// <inheritdoc/>
    protected override ulong TypeFeatures => SizeMax | SegmentMax | BlockSize | Flush | (_disk.IsReadOnly ? ReadOnly : Discard | WriteZeroes);

    /// <inheritdoc/>
    protected override ReadOnlySpan<byte> Configuration => _configuration;

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _disk.Dispose();
    }

    /// <summary>Reads what the host has in memory.</summary>
    protected override bool TryExecuteNow(DescriptorChain chain, out long written)
    {
        written = chain.WritableLength;
        var length = chain.WritableLength - 1;
        if (length > MostImmediate || !chain.TryRead(out Header header) || header.Type != TypeIn || !IsOnDisk(header.Sector, length)
            || !_disk.TryReadNow(Vectors(chain.Writable, 0, length, _vectors[Threads]), (long)header.Sector * RawDisk.SectorSize, length))
            return false;
        chain.SkipWritten(length);
        chain.Write([StatusOk]);
        return true;
    }

    /// <inheritdoc/>
    protected override unsafe long Execute(DescriptorChain chain, int thread)
    {
        // A request without a place for its status is none.
        if (chain.LastWritable is not { } last)
            return -1;
        var status = chain.TryRead(out Header header) ? Execute(header, chain, _vectors[thread]) : StatusError;
        ((byte*)last.Host)[last.Length - 1] = status;
        Memory.NoteWritten(last.Address + last.Length - 1, 1);
        return chain.WrittenLength == chain.WritableLength - 1 ? chain.WritableLength : 0;
    }

    private byte Execute(in Header header, DescriptorChain chain, IoVector[] vectors) => header.Type switch
    {
        TypeIn => Read(header, chain, vectors),
        TypeOut => Write(header, chain, vectors),
        TypeFlush => _disk.TryFlush() ? StatusOk : StatusError,
        TypeGetId => Identify(chain),
        TypeDiscard or TypeWriteZeroes => ChangeRanges(header.Type, chain),
        _ => StatusUnsupported,
    };

    private byte Read(in Header header, DescriptorChain chain, IoVector[] vectors)
    {
        var length = chain.WritableLength - 1;
        if (!IsOnDisk(header.Sector, length))
            return StatusError;
        if (!_disk.TryRead(Vectors(chain.Writable, 0, length, vectors), (long)header.Sector * RawDisk.SectorSize))
            return StatusError;
        chain.SkipWritten(length);
        return StatusOk;
    }

    private byte Write(in Header header, DescriptorChain chain, IoVector[] vectors)
    {
        var length = chain.ReadableLength - chain.ReadLength;
        if (_disk.IsReadOnly || !IsOnDisk(header.Sector, length))
            return StatusError;
        if (!_disk.TryWrite(Vectors(chain.Readable, (uint)chain.ReadLength, length, vectors), (long)header.Sector * RawDisk.SectorSize))
            return StatusError;
        return Completed();
    }

    // A driver that cannot flush takes what is completed for written.
    private byte Completed() => (Features & Flush) != 0 || _disk.TryFlush() ? StatusOk : StatusError;

    private byte Identify(DescriptorChain chain)
    {
        chain.Write(_serial.AsSpan(0, (int)Math.Min(SerialSize, chain.WritableLength - 1)));
        return StatusOk;
    }

    private byte ChangeRanges(uint type, DescriptorChain chain)
    {
        if (_disk.IsReadOnly)
            return StatusError;
        var length = chain.ReadableLength - chain.ReadLength;
        if (length == 0 || length % Marshal.SizeOf<SectorRange>() != 0 || length > MaxRanges * Marshal.SizeOf<SectorRange>())
            return StatusError;
        while (chain.TryRead(out SectorRange range))
        {
            var (start, bytes) = ((long)range.Sector * RawDisk.SectorSize, (long)range.Count * RawDisk.SectorSize);
            if ((range.Flags & ~(type == TypeWriteZeroes ? UnmapFlag : 0)) != 0)
                return StatusUnsupported;
            if (bytes == 0 || bytes > int.MaxValue || !IsOnDisk(range.Sector, bytes, most: int.MaxValue))
                return StatusError;
            if (type == TypeDiscard)
                _disk.Discard(start, bytes);
            else if (!_disk.TryWriteZeros(start, bytes, (range.Flags & UnmapFlag) != 0))
                return StatusError;
        }
        return Completed();
    }

    private bool IsOnDisk(ulong sector, long length, long most = (long)MaxSegments * MaxSegmentSize)
    {
        var sectors = (ulong)_disk.Sectors;
        return length > 0 && length <= most && length % RawDisk.SectorSize == 0 && sector < sectors && (ulong)(length / RawDisk.SectorSize) <= sectors - sector;
    }

    private static Span<IoVector> Vectors(ReadOnlySpan<BufferSegment> segments, uint skip, long length, IoVector[] vectors)
    {
        var count = 0;
        foreach (var segment in segments)
        {
            if (length == 0)
                break;
            if (skip >= segment.Length)
            {
                skip -= segment.Length;
                continue;
            }
            var piece = Math.Min(length, segment.Length - skip);
            vectors[count++] = new IoVector { Start = segment.Host + (nint)skip, Length = (nuint)piece };
            length -= piece;
            skip = 0;
        }
        return vectors.AsSpan(0, count);
    }

    private readonly record struct Header(uint Type, uint Reserved, ulong Sector);

    private readonly record struct SectorRange(ulong Sector, uint Count, uint Flags);
}
