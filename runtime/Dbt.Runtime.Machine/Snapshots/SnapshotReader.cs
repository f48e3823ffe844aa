using System.Buffers.Binary;
using System.Text;

namespace Dbt.Runtime.Machine.Snapshots;

/// <summary>Reads what a <see cref="SnapshotWriter"/> wrote. Whoever reads more than that, or other lengths, gets a <see cref="SnapshotException"/>.</summary>
public sealed class SnapshotReader
{
    private readonly Stream _stream;
    private long _left;

    internal SnapshotReader(Stream stream, long length) => (_stream, _left) = (stream, length);

    /// <summary>Bytes that were not read.</summary>
    internal long Left => _left;

    /// <summary>Reads a truth value.</summary>
    public bool ReadBoolean()
    {
        Span<byte> value = stackalloc byte[1];
        Fill(value);
        return value[0] != 0;
    }

    /// <summary>Reads 32 bits.</summary>
    public uint ReadUInt32()
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        Fill(bytes);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }

    /// <summary>Reads 64 bits.</summary>
    public ulong ReadUInt64()
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        Fill(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    /// <summary>Reads text of at most 4096 bytes.</summary>
    public string ReadText()
    {
        const int longest = 4096;
        var length = ReadUInt64();
        if (length > longest)
            throw Broken();
        var bytes = new byte[length];
        Fill(bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>Reads bytes of which there must be as many as there is room for.</summary>
    public void Read(Span<byte> bytes)
    {
        Expect(bytes.Length);
        Fill(bytes);
    }

    /// <summary>Reads numbers of which there must be as many as there is room for.</summary>
    public void Read(Span<uint> values)
    {
        Expect(values.Length);
        foreach (ref var value in values)
            value = ReadUInt32();
    }

    /// <summary>Reads numbers of which there must be as many as there is room for.</summary>
    public void Read(Span<ulong> values)
    {
        Expect(values.Length);
        foreach (ref var value in values)
            value = ReadUInt64();
    }

    internal static SnapshotException Broken() => new("the snapshot does not fit this machine: a part of it has another size");

    private void Expect(int count)
    {
        if (ReadUInt64() != (ulong)count)
            throw Broken();
    }

    private void Fill(Span<byte> bytes)
    {
        if (bytes.Length > _left)
            throw Broken();
        _stream.ReadExactly(bytes);
        _left -= bytes.Length;
    }
}
