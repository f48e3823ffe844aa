using System.Buffers.Binary;

namespace Dbt.Runtime.Machine.Net;

/// <summary>A TCP segment that the guest sent (RFC 9293).</summary>
internal readonly ref struct TcpSegment
{
    public const byte Fin = 0x01, Syn = 0x02, Reset = 0x04, Push = 0x08, Ack = 0x10;

    private readonly ReadOnlySpan<byte> _options;

    private TcpSegment(ReadOnlySpan<byte> bytes, int headerLength)
    {
        SourcePort = BinaryPrimitives.ReadUInt16BigEndian(bytes);
        DestinationPort = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        Sequence = BinaryPrimitives.ReadUInt32BigEndian(bytes[4..]);
        Acknowledged = BinaryPrimitives.ReadUInt32BigEndian(bytes[8..]);
        Flags = bytes[13];
        Window = BinaryPrimitives.ReadUInt16BigEndian(bytes[14..]);
        _options = bytes[FrameBuilder.TcpHeader..headerLength];
        Payload = bytes[headerLength..];
    }

    public ushort SourcePort { get; }

    public ushort DestinationPort { get; }

    public uint Sequence { get; }

    public uint Acknowledged { get; }

    public byte Flags { get; }

    public ushort Window { get; }

    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>Sequence numbers that it takes.</summary>
    public uint Length => (uint)Payload.Length + (Has(Syn) ? 1u : 0) + (Has(Fin) ? 1u : 0);

    /// <summary>The most payload that the guest takes in a segment; 536 when it does not say.</summary>
    public int MaxSegmentSize
    {
        get
        {
            const byte option = 2;
            return Option(option) is { Length: 2 } value ? Math.Max(64, (int)BinaryPrimitives.ReadUInt16BigEndian(value)) : 536;
        }
    }

    /// <summary>By how many bits the guest's windows are to be shifted; -1 when it does not say.</summary>
    public int WindowScale
    {
        get
        {
            const byte option = 3;
            return Option(option) is [var shift] ? Math.Min((int)shift, 14) : -1;
        }
    }

    public static bool TryRead(ReadOnlySpan<byte> bytes, out TcpSegment segment)
    {
        segment = default;
        if (bytes.Length < FrameBuilder.TcpHeader)
            return false;
        var headerLength = (bytes[12] >> 4) * 4;
        if (headerLength < FrameBuilder.TcpHeader || headerLength > bytes.Length)
            return false;
        segment = new TcpSegment(bytes, headerLength);
        return true;
    }

    public bool Has(byte flag) => (Flags & flag) != 0;

    private ReadOnlySpan<byte> Option(byte kind)
    {
        const byte end = 0, nothing = 1;
        for (var options = _options; options.Length > 0 && options[0] != end;)
        {
            if (options[0] == nothing)
            {
                options = options[1..];
                continue;
            }
            if (options.Length < 2 || options[1] < 2 || options[1] > options.Length)
                break;
            if (options[0] == kind)
                return options[2..options[1]];
            options = options[options[1]..];
        }
        return default;
    }
}
