using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Dbt.Runtime.Machine.Bus;

namespace Dbt.Runtime.Machine.Virtio;

/// <summary>
/// One buffer of a queue: pieces that the device reads, then pieces that it writes. Both are streams to the device. Made once and filled
/// again and again.
/// </summary>
internal sealed class DescriptorChain(PhysicalMemory memory)
{
    /// <summary>The most pieces that a buffer has; the most that the host transfers at once, too.</summary>
    public const int MaxSegments = 1024;

    private BufferSegment[] _segments = new BufferSegment[64];
    private int _count, _readable;
    private int _readSegment, _writeSegment;
    private uint _readOffset, _writeOffset;

    /// <summary>The index of the first descriptor.</summary>
    public ushort Head { get; private set; }

    /// <summary>Bytes that the device may read.</summary>
    public long ReadableLength { get; private set; }

    /// <summary>Bytes that the device may write.</summary>
    public long WritableLength { get; private set; }

    /// <summary>Bytes that the device has read.</summary>
    public long ReadLength { get; private set; }

    /// <summary>Bytes from the first writable one on that the device has written.</summary>
    public long WrittenLength { get; private set; }

    /// <summary>The pieces that the device reads.</summary>
    public ReadOnlySpan<BufferSegment> Readable => _segments.AsSpan(0, _readable);

    /// <summary>The pieces that the device writes.</summary>
    public ReadOnlySpan<BufferSegment> Writable => _segments.AsSpan(_readable, _count - _readable);

    /// <summary>Empties the buffer.</summary>
    public void Start(ushort head)
    {
        Head = head;
        _count = _readable = 0;
        ReadableLength = WritableLength = 0;
        Rewind();
    }

    /// <summary>Adds a piece.</summary>
    /// <returns>False when there are too many, or one to read follows one to write.</returns>
    public bool TryAdd(BufferSegment segment, bool writable)
    {
        if (_count == MaxSegments || !writable && _count > _readable)
            return false;
        if (_count == _segments.Length)
            Array.Resize(ref _segments, _count * 2);
        _segments[_count++] = segment;
        if (writable)
        {
            WritableLength += segment.Length;
        }
        else
        {
            ReadableLength += segment.Length;
            _readable = _count;
            _writeSegment = _count;
        }
        return true;
    }

    /// <summary>Goes back to the first byte to read and to write.</summary>
    public void Rewind()
    {
        _readSegment = 0;
        _writeSegment = _readable;
        _readOffset = _writeOffset = 0;
        ReadLength = WrittenLength = 0;
    }

    /// <summary>Copies the next bytes out of the buffer.</summary>
    /// <returns>How many; fewer than asked for at its end.</returns>
    public int Read(Span<byte> destination)
    {
        var read = 0;
        while (read < destination.Length && _readSegment < _readable)
        {
            var source = _segments[_readSegment].Span(_readOffset, destination.Length - read);
            source.CopyTo(destination[read..]);
            read += source.Length;
            Advance(ref _readSegment, ref _readOffset, (uint)source.Length);
        }
        ReadLength += read;
        return read;
    }

    /// <summary>Reads a structure; false when the buffer ends before it does.</summary>
    public bool TryRead<T>(out T value)
        where T : unmanaged
    {
        Unsafe.SkipInit(out value);
        return Read(MemoryMarshal.AsBytes(new Span<T>(ref value))) == Unsafe.SizeOf<T>();
    }

    /// <summary>Copies bytes to where the device writes next.</summary>
    /// <returns>How many; fewer than given at the buffer's end.</returns>
    public int Write(ReadOnlySpan<byte> source)
    {
        var written = 0;
        while (written < source.Length && NextWritable(source.Length - written) is { Length: > 0 } target)
        {
            source.Slice(written, target.Length).CopyTo(target);
            written += target.Length;
            CommitWritten(target.Length);
        }
        return written;
    }

    /// <summary>Writes a structure; false when the buffer ends before it does.</summary>
    public bool TryWrite<T>(in T value)
        where T : unmanaged => Write(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value))) == Unsafe.SizeOf<T>();

    /// <summary>The next bytes to write in one piece, to be filled and committed; empty at the buffer's end.</summary>
    public Span<byte> NextWritable(int most) => _writeSegment < _count ? _segments[_writeSegment].Span(_writeOffset, most) : default;

    /// <summary>Says that so many bytes of <see cref="NextWritable"/> were written.</summary>
    public void CommitWritten(int length)
    {
        if (length == 0)
            return;
        memory.NoteWritten(_segments[_writeSegment].Address + _writeOffset, (uint)length);
        Advance(ref _writeSegment, ref _writeOffset, (uint)length);
        WrittenLength += length;
    }

    /// <summary>Passes over bytes to write that the host has filled itself.</summary>
    /// <param name="length">At most what is left.</param>
    public void SkipWritten(long length)
    {
        while (length > 0)
        {
            var step = (int)Math.Min(length, Math.Min(_segments[_writeSegment].Length - _writeOffset, int.MaxValue));
            CommitWritten(step);
            length -= step;
        }
    }

    /// <summary>The last byte to write, where some device types expect their status; null without one.</summary>
    public BufferSegment? LastWritable => _count > _readable ? _segments[_count - 1] : null;

    private void Advance(ref int segment, ref uint offset, uint length)
    {
        offset += length;
        if (offset == _segments[segment].Length)
            (segment, offset) = (segment + 1, 0);
    }
}
