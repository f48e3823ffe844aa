using System.Buffers.Binary;
using System.Text;

namespace Dbt.Runtime.Machine.Snapshots;

/// <summary>Writes numbers and bytes, little-endian. They are read in the same order.</summary>
public sealed class SnapshotWriter
{
    private readonly Stream _stream;

    internal SnapshotWriter(Stream stream) => _stream = stream;

    /// <summary>Writes a truth value.</summary>
    public void Write(bool value) => _stream.WriteByte(value ? (byte)1 : (byte)0);

    /// <summary>Writes 32 bits.</summary>
    public void Write(uint value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        _stream.Write(bytes);
    }

    /// <summary>Writes 64 bits.</summary>
    public void Write(ulong value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        _stream.Write(bytes);
    }

    /// <summary>Writes text.</summary>
    public void Write(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Write(Encoding.UTF8.GetBytes(text));
    }

    /// <summary>Writes bytes, and how many they are.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        Write((ulong)bytes.Length);
        _stream.Write(bytes);
    }

    /// <summary>Writes numbers, and how many they are.</summary>
    public void Write(ReadOnlySpan<uint> values)
    {
        Write((ulong)values.Length);
        foreach (var value in values)
            Write(value);
    }

    /// <summary>Writes numbers, and how many they are.</summary>
    public void Write(ReadOnlySpan<ulong> values)
    {
        Write((ulong)values.Length);
        foreach (var value in values)
            Write(value);
    }
}
