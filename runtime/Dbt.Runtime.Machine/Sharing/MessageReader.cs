using System.Buffers.Binary;

namespace Dbt.Runtime.Machine.Sharing;

/// <summary>Reads the fields of a 9P message; behind its end all are zero, and <see cref="IsBroken"/> says so.</summary>
internal ref struct MessageReader(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> _rest = message;

    /// <summary>Whether a field was asked for that is not there.</summary>
    public bool IsBroken { get; private set; }

    public byte Byte() => Take(1) is [var value] ? value : (byte)0;

    public ushort Half() => Take(2) is { Length: > 0 } bytes ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : (ushort)0;

    public uint Word() => Take(4) is { Length: > 0 } bytes ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : 0;

    public ulong Long() => Take(8) is { Length: > 0 } bytes ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : 0;

    /// <summary>A string: its length, then its bytes.</summary>
    public ReadOnlySpan<byte> Text() => Take(Half());

    public ReadOnlySpan<byte> Take(uint length)
    {
        if (length > (uint)_rest.Length)
        {
            IsBroken = true;
            _rest = default;
            return default;
        }
        var bytes = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return bytes;
    }
}
