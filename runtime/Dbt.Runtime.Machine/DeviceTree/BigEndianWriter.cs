using System.Buffers;
using System.Buffers.Binary;

namespace Dbt.Runtime.Machine.DeviceTree;

/// <summary>Appends the flattened format's numbers and bytes to a buffer.</summary>
internal sealed class BigEndianWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>Bytes written.</summary>
    public int Length => _bytes.WrittenCount;

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

    /// <summary>Appends four bytes.</summary>
    public void Write(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_bytes.GetSpan(sizeof(uint)), value);
        _bytes.Advance(sizeof(uint));
    }

    /// <summary>Appends eight bytes.</summary>
    public void Write(ulong value)
    {
        Write((uint)(value >> 32));
        Write((uint)value);
    }

    /// <summary>Appends bytes.</summary>
    public void Write(ReadOnlySpan<byte> bytes) => _bytes.Write(bytes);

    /// <summary>Appends zeros up to a multiple of <paramref name="alignment"/>.</summary>
    public void Align(int alignment)
    {
        while (Length % alignment != 0)
            Write((ReadOnlySpan<byte>)[0]);
    }
}
