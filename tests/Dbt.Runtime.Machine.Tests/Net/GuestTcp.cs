using System.Buffers.Binary;

namespace Dbt.Runtime.Machine.Tests.Net;

/// <summary>The guest's end of one TCP connection, no larger than a test needs: it acknowledges what comes in order, and sends what the window allows.</summary>
internal sealed class GuestTcp(FakeCard card, ushort port, uint peer, ushort peerPort)
{
    private const int SegmentSize = 1400;

    private readonly List<byte> _received = [];
    private uint _next = 1000, _acknowledged = 1000, _expected, _window;
    private int _scale;

    public bool IsReset { get; private set; }

    public bool HasEnd { get; private set; }

    public IReadOnlyList<byte> Received => _received;

    /// <summary>Whether the network's end has taken all that was sent, the end included.</summary>
    public bool IsAcknowledged => _acknowledged == _next;

    public uint MostPayload { get; private set; }

    /// <summary>Opens the connection.</summary>
    public void Connect()
    {
        Send(0x02, [], options: [2, 4, 5, 0xb4, 3, 3, 7, 1]);
        _next++;
        while (_expected == 0 && !IsReset)
            Step();
    }

    /// <summary>Waits for somebody to open it.</summary>
    public static GuestTcp Accept(FakeCard card, ushort port)
    {
        var segment = Packet.IpPayload(card.Receive().Frame, 6, out var source);
        Assert.Equal((port, 0x02), (Packet.Half(segment, 2), segment[13]));
        var connection = new GuestTcp(card, port, source, Packet.Half(segment, 0)) { _expected = Packet.Word(segment, 4) + 1, _scale = 7 };
        connection.Send(0x12, [], options: [2, 4, 5, 0xb4, 3, 3, 7, 1]);
        connection._next++;
        while (!connection.IsAcknowledged)
            connection.Step();
        return connection;
    }

    /// <summary>Sends bytes and waits until they are acknowledged.</summary>
    public void Write(byte[] bytes)
    {
        var sent = 0;
        while (sent < bytes.Length || !IsAcknowledged)
        {
            var length = Math.Min(Math.Min(SegmentSize, bytes.Length - sent), (int)(_acknowledged + _window - _next));
            if (length > 0)
            {
                Send(0x10, bytes[sent..(sent + length)]);
                _next += (uint)length;
                sent += length;
            }
            else
            {
                Step();
            }
            Assert.False(IsReset);
        }
    }

    /// <summary>Waits until so many bytes have come.</summary>
    public byte[] Read(int count)
    {
        while (_received.Count < count && !HasEnd && !IsReset)
            Step();
        return [.. _received];
    }

    /// <summary>Says that nothing more comes from here.</summary>
    public void End()
    {
        Send(0x11, []);
        _next++;
        while (!IsAcknowledged && !IsReset)
            Step();
    }

    /// <summary>Takes one frame.</summary>
    public void Step()
    {
        var (frame, offload) = card.Receive();
        var segment = Packet.IpPayload(frame, 6, out var source);
        Assert.Equal((peer, peerPort, port), (source, Packet.Half(segment, 0), Packet.Half(segment, 2)));
        Assert.Equal(offload.ChecksumStart == 0, Packet.HasChecksum(segment, 6, source, Packet.Guest));
        var flags = segment[13];
        if ((flags & 0x04) != 0)
        {
            IsReset = true;
            return;
        }
        var sequence = Packet.Word(segment, 4);
        var payload = segment[((segment[12] >> 4) * 4)..];
        MostPayload = Math.Max(MostPayload, (uint)payload.Length);
        if ((flags & 0x02) != 0)
        {
            _expected = sequence + 1;
            _scale = segment.AsSpan(20).IndexOf((ReadOnlySpan<byte>)[3, 3, 7]) >= 0 ? 7 : 0;
        }
        if ((flags & 0x10) != 0)
        {
            if ((int)(Packet.Word(segment, 8) - _acknowledged) > 0)
                _acknowledged = Packet.Word(segment, 8);
            _window = (uint)Packet.Half(segment, 14) << ((flags & 0x02) != 0 ? 0 : _scale);
        }
        if (sequence == _expected && payload.Length > 0)
        {
            _received.AddRange(payload);
            _expected += (uint)payload.Length;
        }
        if ((flags & 0x01) != 0 && sequence + (uint)payload.Length == _expected)
        {
            _expected++;
            HasEnd = true;
        }
        if (payload.Length > 0 || (flags & 0x03) != 0)
            Send(0x10, []);
    }

    public void Send(byte flags, byte[] payload, byte[]? options = null)
    {
        options ??= [];
        var header = new byte[20];
        BinaryPrimitives.WriteUInt16BigEndian(header, port);
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(2), peerPort);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(4), _next);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(8), _expected);
        header[12] = (byte)((20 + options.Length) / 4 << 4);
        header[13] = flags;
        BinaryPrimitives.WriteUInt16BigEndian(header.AsSpan(14), 500);
        card.Send(Packet.Ip(Packet.Guest, peer, 6, [.. header, .. options, .. payload]));
    }
}
