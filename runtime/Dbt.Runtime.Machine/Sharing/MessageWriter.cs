using System.Buffers.Binary;

namespace Dbt.Runtime.Machine.Sharing;

/// <summary>Writes the fields of a 9P message; what does not fit is left out, and <see cref="IsFull"/> says so.</summary>
internal ref struct MessageWriter(Span<byte> message)
{
    private readonly Span<byte> _message = message;

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>Whether a field did not fit.</summary>
    public bool IsFull { get; private set; }

    /// <summary>What there is room for.</summary>
    public readonly Span<byte> Rest => _message[Length..];

    public void Byte(byte value)
    {
        if (Reserve(1) is [_, ..] place)
            place[0] = value;
    }

    public void Half(ushort value)
    {
        if (Reserve(2) is { Length: > 0 } place)
            BinaryPrimitives.WriteUInt16LittleEndian(place, value);
    }

    public void Word(uint value)
    {
        if (Reserve(4) is { Length: > 0 } place)
            BinaryPrimitives.WriteUInt32LittleEndian(place, value);
    }

    public void Long(ulong value)
    {
        if (Reserve(8) is { Length: > 0 } place)
            BinaryPrimitives.WriteUInt64LittleEndian(place, value);
    }

    public void Text(scoped ReadOnlySpan<byte> text)
    {
        Half((ushort)text.Length);
        Bytes(text);
    }

    public void Bytes(scoped ReadOnlySpan<byte> bytes) => bytes.CopyTo(Reserve(bytes.Length));

    public void Identity(in FileIdentity identity)
    {
        Byte(identity.Type);
        Word(identity.Version);
        Long(identity.Path);
    }

    /// <summary>Says that bytes of <see cref="Rest"/> were written.</summary>
    public void Commit(int length) => Length += length;

    private Span<byte> Reserve(int length)
    {
        if (IsFull || length > _message.Length - Length)
        {
            IsFull = true;
            return new byte[length];
        }
        Length += length;
        return _message.Slice(Length - length, length);
    }
}
