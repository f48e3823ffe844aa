using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Dbt.Runtime.Machine.Net;

/// <summary>Datagrams of the guest: each of its ports has a socket of the host, which takes answers from wherever they come.</summary>
internal sealed class UdpRelay(FrameBuilder builder, uint nameServer) : IDisposable
{
    private const int MostSockets = 256, MostDatagrams = 32;
    private const long IdleTime = 60_000;

    // In struct sockaddr_in.
    private const int PortOffset = 2, AddressOffset = 4;

    private readonly Dictionary<(uint Address, ushort Port), Flow> _flows = [];
    private readonly List<Flow> _polled = [];
    private readonly byte[] _datagram = new byte[ushort.MaxValue - FrameBuilder.Ipv4Header - FrameBuilder.UdpHeader];
    private int _firstIndex;

    /// <summary>Passes a datagram of the guest on.</summary>
    public void Send(uint source, ushort sourcePort, uint destination, ushort destinationPort, ReadOnlySpan<byte> payload)
    {
        if (!Subnet.TryToHost(destination, nameServer, out var host) || Find(source, sourcePort) is not { } flow)
            return;
        flow.UsedAt = Environment.TickCount64;
        flow.AsksNames |= destination == Subnet.NameServer;
        try
        {
            BinaryPrimitives.WriteUInt16BigEndian(flow.Target.Buffer.Span[PortOffset..], destinationPort);
            BinaryPrimitives.WriteUInt32BigEndian(flow.Target.Buffer.Span[AddressOffset..], host);
            flow.Socket.SendTo(payload, SocketFlags.None, flow.Target);
        }
        catch (SocketException)
        {
            // As on any network: the datagram is lost.
        }
    }

    /// <summary>Adds what to wait for.</summary>
    /// <returns>When to be called again at the latest, in the host's milliseconds.</returns>
    public long Prepare(Poller poller, long now)
    {
        _polled.Clear();
        var due = long.MaxValue;
        foreach (var (key, flow) in _flows)
        {
            if (now - flow.UsedAt >= IdleTime)
            {
                flow.Socket.Dispose();
                _flows.Remove(key);
                continue;
            }
            due = Math.Min(due, flow.UsedAt + IdleTime);
            var index = poller.Add((int)flow.Socket.Handle, Poller.In);
            if (_polled.Count == 0)
                _firstIndex = index;
            _polled.Add(flow);
        }
        return due;
    }

    /// <summary>Passes datagrams for the guest on.</summary>
    public void Serve(Poller poller, long now)
    {
        for (var i = 0; i < _polled.Count; i++)
        {
            if (poller.Events(_firstIndex + i) != 0)
                Receive(_polled[i], now);
        }
    }

    public void Dispose()
    {
        foreach (var flow in _flows.Values)
            flow.Socket.Dispose();
    }

    private Flow? Find(uint address, ushort port)
    {
        if (_flows.TryGetValue((address, port), out var flow))
            return flow;
        if (_flows.Count == MostSockets)
        {
            var oldest = _flows.MinBy(entry => entry.Value.UsedAt);
            oldest.Value.Socket.Dispose();
            _flows.Remove(oldest.Key);
        }
        try
        {
            flow = new Flow(address, port);
        }
        catch (SocketException)
        {
            return null;
        }
        return _flows[(address, port)] = flow;
    }

    private void Receive(Flow flow, long now)
    {
        for (var i = 0; i < MostDatagrams; i++)
        {
            int length;
            try
            {
                length = flow.Socket.ReceiveFrom(_datagram, SocketFlags.None, flow.From);
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                return;
            }
            flow.UsedAt = now;
            var (address, port) = Source(flow);
            _datagram.AsSpan(0, length).CopyTo(builder.IpPayload[FrameBuilder.UdpHeader..]);
            builder.SendUdp(address, port, flow.GuestAddress, flow.GuestPort, length);
        }
    }

    // What the guest calls the sender.
    private (uint Address, ushort Port) Source(Flow flow)
    {
        var from = flow.From.Buffer.Span;
        var port = BinaryPrimitives.ReadUInt16BigEndian(from[PortOffset..]);
        var address = Subnet.FromBytes(from[AddressOffset..]);
        if (flow.AsksNames && port == Subnet.NamePort && address == nameServer)
            return (Subnet.NameServer, port);
        return (address >> 24 == 127 ? Subnet.Gateway : address, port);
    }

    private sealed class Flow
    {
        public Flow(uint guestAddress, ushort guestPort)
        {
            (GuestAddress, GuestPort) = (guestAddress, guestPort);
            Socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
            Socket.Bind(new IPEndPoint(IPAddress.Any, 0));
        }

        public uint GuestAddress { get; }

        public ushort GuestPort { get; }

        public Socket Socket { get; }

        public SocketAddress Target { get; } = new(AddressFamily.InterNetwork);

        public SocketAddress From { get; } = new(AddressFamily.InterNetwork);

        public bool AsksNames { get; set; }

        public long UsedAt { get; set; } = Environment.TickCount64;
    }
}
