using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Dbt.Runtime.Machine.Net;

/// <summary>The guest's TCP connections, and the ports of the host that lead to it.</summary>
internal sealed class TcpRelay : IDisposable
{
    private const int MostConnections = 256;
    private const ushort FirstPort = 49152;

    private readonly FrameBuilder _builder;
    private readonly uint _nameServer;
    private readonly List<(Socket Socket, ushort GuestPort)> _listeners = [];
    private readonly Dictionary<TcpEndpoints, TcpConnection> _connections = [];
    private readonly List<(TcpConnection Connection, int Index)> _polled = [];
    private readonly List<TcpEndpoints> _closed = [];
    private int _firstListener;
    private ushort _lastPort = FirstPort;

    /// <summary>Listens on the ports to forward.</summary>
    /// <exception cref="SocketException">One cannot be had.</exception>
    public TcpRelay(FrameBuilder builder, uint nameServer, IReadOnlyList<PortForward> forwards)
    {
        _builder = builder;
        _nameServer = nameServer;
        try
        {
            foreach (var forward in forwards)
            {
                var socket = new Socket(forward.Host.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
                _listeners.Add((socket, forward.GuestPort));
                socket.Bind(forward.Host);
                socket.Listen();
            }
        }
        catch (SocketException)
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Where the host listens.</summary>
    public IReadOnlyList<IPEndPoint> ListeningAt => [.. _listeners.Select(listener => (IPEndPoint)listener.Socket.LocalEndPoint!)];

    /// <summary>Takes a segment from the guest.</summary>
    /// <param name="source">The guest's address.</param>
    /// <param name="destination">Whom it is for.</param>
    /// <param name="bytes">The segment.</param>
    /// <param name="mayOpen">Whether the guest may open connections.</param>
    public void Receive(uint source, uint destination, ReadOnlySpan<byte> bytes, bool mayOpen)
    {
        if (!TcpSegment.TryRead(bytes, out var segment))
            return;
        var endpoints = new TcpEndpoints(source, segment.SourcePort, destination, segment.DestinationPort);
        if (_connections.TryGetValue(endpoints, out var connection) && connection.State != TcpState.Closed)
            connection.Receive(segment, Environment.TickCount64);
        else if ((segment.Flags & (TcpSegment.Syn | TcpSegment.Ack | TcpSegment.Reset)) != TcpSegment.Syn || !mayOpen || !TryOpen(endpoints, segment))
            Refuse(endpoints, segment);
    }

    /// <summary>Adds what to wait for.</summary>
    /// <returns>When to be called again at the latest, in the host's milliseconds.</returns>
    public long Prepare(Poller poller, long now)
    {
        for (var i = 0; i < _listeners.Count; i++)
        {
            var index = poller.Add((int)_listeners[i].Socket.Handle, _connections.Count < MostConnections ? Poller.In : (short)0);
            if (i == 0)
                _firstListener = index;
        }
        _polled.Clear();
        var due = long.MaxValue;
        foreach (var connection in _connections.Values)
        {
            due = Math.Min(due, connection.Due);
            // Without anything to wait for, a socket whose ends are closed would wake at once and again.
            if (connection.Events is not 0 and var events)
                _polled.Add((connection, poller.Add(connection.Descriptor, events)));
        }
        return due;
    }

    /// <summary>Does what can be done.</summary>
    public void Serve(Poller poller, long now)
    {
        for (var i = 0; i < _listeners.Count; i++)
        {
            if ((poller.Events(_firstListener + i) & Poller.In) != 0)
                Offer(_listeners[i].Socket, _listeners[i].GuestPort, now);
        }
        foreach (var (connection, index) in _polled)
        {
            if (poller.Events(index) is not 0 and var events)
                connection.OnSocket(events, now);
        }
        foreach (var (endpoints, connection) in _connections)
        {
            connection.Pump(now);
            if (connection.State == TcpState.Closed)
                _closed.Add(endpoints);
        }
        foreach (var endpoints in _closed)
        {
            _connections[endpoints].Dispose();
            _connections.Remove(endpoints);
        }
        _closed.Clear();
    }

    public void Dispose()
    {
        foreach (var (socket, _) in _listeners)
            socket.Dispose();
        foreach (var connection in _connections.Values)
            connection.Dispose();
    }

    private bool TryOpen(TcpEndpoints endpoints, in TcpSegment segment)
    {
        if (_connections.Count >= MostConnections || _connections.ContainsKey(endpoints) || !Subnet.TryToHost(endpoints.Peer, _nameServer, out var address))
            return false;
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { Blocking = false, NoDelay = true };
        try
        {
            socket.Connect(new IPEndPoint(Subnet.ToIPAddress(address), endpoints.PeerPort));
        }
        catch (SocketException error) when (error.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
        {
            // What comes of it, the socket says when it can be written to.
        }
        catch (SocketException)
        {
            socket.Dispose();
            return false;
        }
        _connections[endpoints] = TcpConnection.Accept(_builder, endpoints, socket, segment);
        return true;
    }

    private void Offer(Socket listener, ushort guestPort, long now)
    {
        Socket socket;
        try
        {
            socket = listener.Accept();
            socket.Blocking = false;
            socket.NoDelay = true;
        }
        catch (SocketException)
        {
            return;
        }
        TcpEndpoints endpoints;
        do
        {
            _lastPort = _lastPort == ushort.MaxValue ? FirstPort : (ushort)(_lastPort + 1);
            endpoints = new TcpEndpoints(Subnet.Guest, guestPort, Subnet.Gateway, _lastPort);
        }
        while (_connections.ContainsKey(endpoints));
        _connections[endpoints] = TcpConnection.Offer(_builder, endpoints, socket, now);
    }

    // RFC 9293, section 3.10.7.1: a segment for no connection is answered by a reset, unless it is one.
    private void Refuse(TcpEndpoints endpoints, in TcpSegment segment)
    {
        if (segment.Has(TcpSegment.Reset))
            return;
        var header = _builder.IpPayload[..FrameBuilder.TcpHeader];
        header.Clear();
        BinaryPrimitives.WriteUInt16BigEndian(header, endpoints.PeerPort);
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], endpoints.GuestPort);
        header[12] = FrameBuilder.TcpHeader / 4 << 4;
        if (segment.Has(TcpSegment.Ack))
        {
            BinaryPrimitives.WriteUInt32BigEndian(header[4..], segment.Acknowledged);
            header[13] = TcpSegment.Reset;
        }
        else
        {
            BinaryPrimitives.WriteUInt32BigEndian(header[8..], segment.Sequence + segment.Length);
            header[13] = TcpSegment.Reset | TcpSegment.Ack;
        }
        _builder.SendTcp(endpoints.Peer, endpoints.Guest, FrameBuilder.TcpHeader, FrameBuilder.TcpHeader, FrameBuilder.Mtu);
    }
}
