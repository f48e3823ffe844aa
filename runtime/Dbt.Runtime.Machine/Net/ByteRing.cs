namespace Dbt.Runtime.Machine.Net;

/// <summary>Bytes in the order in which they came, in a buffer of fixed size.</summary>
/// <param name="capacity">A power of two.</param>
internal sealed class ByteRing(int capacity)
{
    private readonly byte[] _bytes = new byte[capacity];
    private int _start;

    /// <summary>Bytes that are there.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes that there is room for.</summary>
    public int Free => _bytes.Length - Count;

    /// <summary>The room behind the last byte, as far as it is in one piece; see <see cref="Commit"/>.</summary>
    public Span<byte> NextFree
    {
        get
        {
            var end = _start + Count & _bytes.Length - 1;
            return _bytes.AsSpan(end, Math.Min(Free, _bytes.Length - end));
        }
    }

    /// <summary>The first bytes, as far as they are in one piece.</summary>
    public ReadOnlySpan<byte> First => _bytes.AsSpan(_start, Math.Min(Count, _bytes.Length - _start));

    /// <summary>Says that bytes were put into <see cref="NextFree"/>.</summary>
    public void Commit(int count) => Count += count;

    /// <summary>Appends as many bytes as there is room for, and says how many.</summary>
    public int Append(ReadOnlySpan<byte> bytes)
    {
        var appended = 0;
        while (appended < bytes.Length && Free > 0)
        {
            var room = NextFree;
            var step = Math.Min(room.Length, bytes.Length - appended);
            bytes.Slice(appended, step).CopyTo(room);
            Commit(step);
            appended += step;
        }
        return appended;
    }

    /// <summary>Copies bytes from an offset on, which stay.</summary>
    public void Peek(int offset, Span<byte> target)
    {
        var start = _start + offset & _bytes.Length - 1;
        var first = Math.Min(target.Length, _bytes.Length - start);
        _bytes.AsSpan(start, first).CopyTo(target);
        _bytes.AsSpan(0, target.Length - first).CopyTo(target[first..]);
    }

    /// <summary>Drops the first bytes.</summary>
    public void Drop(int count)
    {
        _start = _start + count & _bytes.Length - 1;
        Count -= count;
    }
}
