using System.Buffers.Binary;

namespace Dbt.Runtime.Machine.Net;

/// <summary>Builds frames for the guest, in one buffer that is used again and again.</summary>
internal sealed class FrameBuilder
{
    public const int EthernetHeader = 14, Ipv4Header = 20, UdpHeader = 8, TcpHeader = 20;
    public const ushort Ipv4Type = 0x0800, ArpType = 0x0806;
    public const byte Icmp = 1, Tcp = 6, Udp = 17;

    /// <summary>Bytes of an IP packet that a frame carries.</summary>
    public const int Mtu = 1500;

    private const ushort MoreFragments = 0x2000;

    // The largest IP packet, and its frame.
    private readonly byte[] _frame = new byte[EthernetHeader + ushort.MaxValue];
    private readonly byte[] _guestHardware = [0x52, 0x54, 0x00, 0x12, 0x34, 0x56];
    private byte[]? _datagram;
    private INetworkPort? _port;
    private ushort _identification;

    /// <summary>Where frames go.</summary>
    public void Attach(INetworkPort port) => _port = port;

    /// <summary>Whether TCP segments may be larger than frames.</summary>
    public bool TakesLargeSegments => _port is { TakesPartialChecksums: true, TakesLargeSegments: true };

    /// <summary>Frames go to whoever sent one last.</summary>
    public void NoteGuestHardware(ReadOnlySpan<byte> address) => address.CopyTo(_guestHardware);

    /// <summary>Room for the payload of an IP packet.</summary>
    public Span<byte> IpPayload => _frame.AsSpan(EthernetHeader + Ipv4Header);

    /// <summary>Sends a frame that is no IP packet.</summary>
    public bool Send(ushort type, ReadOnlySpan<byte> payload)
    {
        payload.CopyTo(_frame.AsSpan(EthernetHeader));
        return Send(type, payload.Length, default);
    }

    /// <summary>Sends the IP packet whose payload is there; in fragments where it is too long for a frame.</summary>
    public bool SendIp(uint source, uint destination, byte protocol, int length)
    {
        if (length <= Mtu - Ipv4Header)
            return SendPacket(source, destination, protocol, length, 0, default);
        const int step = (Mtu - Ipv4Header) / 8 * 8;
        _datagram ??= new byte[ushort.MaxValue];
        IpPayload[..length].CopyTo(_datagram);
        var sent = true;
        for (var offset = 0; sent && offset < length; offset += step)
        {
            var piece = Math.Min(step, length - offset);
            _datagram.AsSpan(offset, piece).CopyTo(IpPayload);
            sent = SendPacket(source, destination, protocol, piece, (ushort)(offset / 8 | (offset + piece < length ? MoreFragments : 0)), default);
        }
        return sent;
    }

    /// <summary>Sends a TCP segment: its header and payload are there, all but the checksum.</summary>
    /// <param name="source">Address.</param>
    /// <param name="destination">Address.</param>
    /// <param name="headerLength">Bytes of the TCP header.</param>
    /// <param name="length">Bytes with the payload.</param>
    /// <param name="segmentSize">The most payload that a frame may have; more than that only goes to guests that take it.</param>
    public bool SendTcp(uint source, uint destination, int headerLength, int length, int segmentSize)
    {
        const int checksumOffset = 16;
        var segment = IpPayload[..length];
        var checksum = segment[checksumOffset..];
        BinaryPrimitives.WriteUInt16BigEndian(checksum, 0);
        var pseudo = InternetChecksum.PseudoHeader(source, destination, Tcp, length);
        if (_port is not { TakesPartialChecksums: true })
        {
            BinaryPrimitives.WriteUInt16BigEndian(checksum, InternetChecksum.Finish(InternetChecksum.Add(pseudo, segment)));
            return SendPacket(source, destination, Tcp, length, 0, default);
        }
        BinaryPrimitives.WriteUInt16BigEndian(checksum, InternetChecksum.Fold(pseudo));
        var isLarge = length - headerLength > segmentSize;
        var headers = EthernetHeader + Ipv4Header;
        return SendPacket(source, destination, Tcp, length, 0,
            new FrameOffload((ushort)headers, checksumOffset, (ushort)(isLarge ? segmentSize : 0), (ushort)(isLarge ? headers + headerLength : 0)));
    }

    /// <summary>Sends a UDP datagram whose payload is behind its header's place.</summary>
    public bool SendUdp(uint source, ushort sourcePort, uint destination, ushort destinationPort, int payloadLength)
    {
        var length = UdpHeader + payloadLength;
        var datagram = IpPayload[..length];
        BinaryPrimitives.WriteUInt16BigEndian(datagram, sourcePort);
        BinaryPrimitives.WriteUInt16BigEndian(datagram[2..], destinationPort);
        BinaryPrimitives.WriteUInt16BigEndian(datagram[4..], (ushort)length);
        BinaryPrimitives.WriteUInt16BigEndian(datagram[6..], 0);
        var checksum = InternetChecksum.Finish(InternetChecksum.Add(InternetChecksum.PseudoHeader(source, destination, Udp, length), datagram));
        // 0 would mean that there is none.
        BinaryPrimitives.WriteUInt16BigEndian(datagram[6..], checksum == 0 ? ushort.MaxValue : checksum);
        return SendIp(source, destination, Udp, length);
    }

    private bool SendPacket(uint source, uint destination, byte protocol, int length, ushort fragment, in FrameOffload offload)
    {
        const byte version4OfFiveWords = 0x45, timeToLive = 64;
        var header = _frame.AsSpan(EthernetHeader, Ipv4Header);
        header.Clear();
        header[0] = version4OfFiveWords;
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], (ushort)(Ipv4Header + length));
        BinaryPrimitives.WriteUInt16BigEndian(header[4..], _identification);
        BinaryPrimitives.WriteUInt16BigEndian(header[6..], fragment);
        header[8] = timeToLive;
        header[9] = protocol;
        BinaryPrimitives.WriteUInt32BigEndian(header[12..], source);
        BinaryPrimitives.WriteUInt32BigEndian(header[16..], destination);
        BinaryPrimitives.WriteUInt16BigEndian(header[10..], InternetChecksum.Finish(InternetChecksum.Add(0, header)));
        // Fragments of one packet have one.
        if ((fragment & MoreFragments) == 0)
            _identification++;
        return Send(Ipv4Type, Ipv4Header + length, offload);
    }

    private bool Send(ushort type, int length, in FrameOffload offload)
    {
        _guestHardware.CopyTo(_frame, 0);
        Subnet.GatewayHardware.CopyTo(_frame.AsSpan(6));
        BinaryPrimitives.WriteUInt16BigEndian(_frame.AsSpan(12), type);
        return _port is not null && _port.TryReceive(_frame.AsSpan(0, EthernetHeader + length), offload);
    }
}
