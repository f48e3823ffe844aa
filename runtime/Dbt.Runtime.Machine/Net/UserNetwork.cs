using System.Buffers.Binary;
using System.Net;
using Dbt.Runtime.Machine.Timers;

namespace Dbt.Runtime.Machine.Net;

/// <summary>
/// A network without privileges: what the guest sends ends here and goes on over sockets of the host. One thread does all of it. IPv4 only;
/// the guest is let out everywhere the host may go, and in where a port is forwarded.
/// </summary>
internal sealed class UserNetwork : INetwork
{
    // The largest TCP segment that a card takes from a guest, with all its headers.
    private const int LargestFrame = FrameBuilder.EthernetHeader + ushort.MaxValue;

    // Frames taken from the guest before sockets are looked at again.
    private const int Batch = 64;

    private readonly byte[] _frame = new byte[LargestFrame];
    private readonly HostWait _wake = new();
    private readonly Poller _poller = new();
    private readonly FrameBuilder _builder = new();
    private readonly TcpRelay _tcp;
    private readonly UdpRelay _udp;
    private readonly bool _isRestricted;
    private INetworkPort? _port;
    private Thread? _thread;
    private volatile bool _stopping;

    /// <summary>A network that nothing is plugged into.</summary>
    /// <param name="forwards">Ports of the host that lead to the guest.</param>
    /// <param name="isRestricted">Whether the guest reaches nothing but what comes in through those.</param>
    /// <exception cref="System.Net.Sockets.SocketException">A port of the host cannot be had.</exception>
    public UserNetwork(IReadOnlyList<PortForward> forwards, bool isRestricted)
    {
        _isRestricted = isRestricted;
        var nameServer = Subnet.HostNameServer();
        _tcp = new TcpRelay(_builder, nameServer, forwards);
        _udp = new UdpRelay(_builder, nameServer);
    }

    /// <summary>Where the host listens, in the order of the forwards.</summary>
    internal IReadOnlyList<IPEndPoint> ListeningAt => _tcp.ListeningAt;

    /// <inheritdoc/>
    public void Attach(INetworkPort port)
    {
        _port = port;
        _builder.Attach(port);
        _thread = new Thread(Serve) { IsBackground = true, Name = "user network" };
        _thread.Start();
    }

    /// <inheritdoc/>
    public void Wake() => _wake.Wake();

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping = true;
        _wake.Wake();
        _thread?.Join();
        _tcp.Dispose();
        _udp.Dispose();
        _wake.Dispose();
    }

    private void Serve()
    {
        while (!_stopping)
        {
            _poller.Clear();
            _poller.Add(_wake.Descriptor, Poller.In);
            var now = Environment.TickCount64;
            var due = Math.Min(_tcp.Prepare(_poller, now), _udp.Prepare(_poller, now));
            _poller.Wait((int)Math.Clamp(due - now, 0, 60_000));
            if (_poller.Events(0) != 0)
                _wake.Clear();
            var more = TakeFrames();
            now = Environment.TickCount64;
            _udp.Serve(_poller, now);
            _tcp.Serve(_poller, now);
            if (more)
                _wake.Wake();
        }
    }

    private bool TakeFrames()
    {
        for (var i = 0; i < Batch; i++)
        {
            var length = _port!.Transmit(_frame);
            if (length == 0)
                return false;
            Dispatch(_frame.AsSpan(0, length));
        }
        return true;
    }

    private void Dispatch(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < FrameBuilder.EthernetHeader)
            return;
        _builder.NoteGuestHardware(frame.Slice(6, 6));
        var payload = frame[FrameBuilder.EthernetHeader..];
        switch (BinaryPrimitives.ReadUInt16BigEndian(frame[12..]))
        {
            case FrameBuilder.ArpType:
                AnswerArp(payload);
                break;
            case FrameBuilder.Ipv4Type:
                DispatchIp(payload);
                break;
        }
    }

    // RFC 826: who asks for an address of this network, other than the guest's own, is told the gateway's.
    private void AnswerArp(ReadOnlySpan<byte> request)
    {
        const int length = 28;
        const ushort ask = 1, answer = 2;
        if (request.Length < length || BinaryPrimitives.ReadUInt16BigEndian(request[6..]) != ask)
            return;
        var wanted = BinaryPrimitives.ReadUInt32BigEndian(request[24..]);
        if (wanted is not (Subnet.Gateway or Subnet.NameServer))
            return;
        Span<byte> reply = stackalloc byte[length];
        request[..8].CopyTo(reply);
        BinaryPrimitives.WriteUInt16BigEndian(reply[6..], answer);
        Subnet.GatewayHardware.CopyTo(reply[8..]);
        BinaryPrimitives.WriteUInt32BigEndian(reply[14..], wanted);
        request.Slice(8, 10).CopyTo(reply[18..]);
        _builder.Send(FrameBuilder.ArpType, reply);
    }

    private void DispatchIp(ReadOnlySpan<byte> packet)
    {
        if (packet.Length < FrameBuilder.Ipv4Header || packet[0] >> 4 != 4)
            return;
        var headerLength = (packet[0] & 0xf) * 4;
        var length = (int)BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
        // Fragments are not put together: a guest on this wire has no reason to send any but of huge datagrams.
        if (headerLength < FrameBuilder.Ipv4Header || length < headerLength || length > packet.Length || (BinaryPrimitives.ReadUInt16BigEndian(packet[6..]) & 0x3fff) != 0)
            return;
        var source = BinaryPrimitives.ReadUInt32BigEndian(packet[12..]);
        var destination = BinaryPrimitives.ReadUInt32BigEndian(packet[16..]);
        var payload = packet[headerLength..length];
        switch (packet[9])
        {
            case FrameBuilder.Icmp:
                AnswerEcho(source, destination, payload);
                break;
            case FrameBuilder.Udp:
                DispatchUdp(source, destination, payload);
                break;
            case FrameBuilder.Tcp when Subnet.Contains(source):
                _tcp.Receive(source, destination, payload, !_isRestricted);
                break;
        }
    }

    // Only what is here answers: the host may not ask others without privileges.
    private void AnswerEcho(uint source, uint destination, ReadOnlySpan<byte> request)
    {
        const byte echo = 8;
        if (request.Length < 8 || request[0] != echo || destination is not (Subnet.Gateway or Subnet.NameServer))
            return;
        var reply = _builder.IpPayload[..request.Length];
        request.CopyTo(reply);
        reply[..4].Clear();
        BinaryPrimitives.WriteUInt16BigEndian(reply[2..], InternetChecksum.Finish(InternetChecksum.Add(0, reply)));
        _builder.SendIp(destination, source, FrameBuilder.Icmp, reply.Length);
    }

    private void DispatchUdp(uint source, uint destination, ReadOnlySpan<byte> datagram)
    {
        if (datagram.Length < FrameBuilder.UdpHeader)
            return;
        var sourcePort = BinaryPrimitives.ReadUInt16BigEndian(datagram);
        var destinationPort = BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]);
        var length = BinaryPrimitives.ReadUInt16BigEndian(datagram[4..]);
        if (length < FrameBuilder.UdpHeader || length > datagram.Length)
            return;
        var payload = datagram[FrameBuilder.UdpHeader..length];
        if (destinationPort == DhcpServer.ServerPort && destination is uint.MaxValue or Subnet.Gateway or Subnet.Broadcast)
        {
            if (DhcpServer.Answer(payload, _builder.IpPayload[FrameBuilder.UdpHeader..]) is > 0 and var answer)
                _builder.SendUdp(Subnet.Gateway, DhcpServer.ServerPort, uint.MaxValue, DhcpServer.ClientPort, answer);
        }
        else if (!_isRestricted && Subnet.Contains(source))
        {
            _udp.Send(source, sourcePort, destination, destinationPort, payload);
        }
    }
}
