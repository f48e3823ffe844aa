using System.Buffers.Binary;
using System.Net.Sockets;

namespace Dbt.Runtime.Machine.Net;

/// <summary>
/// One TCP connection: the far end of the guest's (RFC 9293), and a socket of the host. Nothing is lost between guest and here but what the
/// guest's card has no room for, so there is no congestion control; what is not acknowledged is sent again from the first byte on.
/// </summary>
internal sealed class TcpConnection : IDisposable
{
    private const int BufferSize = 1 << 17, WindowScale = 7, LargeSegment = 60 * 1024;
    private const int MaxSegmentSize = FrameBuilder.Mtu - FrameBuilder.Ipv4Header - FrameBuilder.TcpHeader;
    private const long FirstTimeout = 1000, LongestTimeout = 60_000;
    private const int MostAttempts = 8, DuplicatesForResend = 3;

    private readonly FrameBuilder _builder;
    private readonly Socket _socket;
    private readonly ByteRing _toGuest = new(BufferSize);
    private ByteRing? _toHost;

    // To the guest: the oldest byte that it has not acknowledged, the next one to send, and one behind the last that was ever sent.
    private uint _unacknowledged, _next, _highest;
    private uint _window;

    // One behind the end, which has a number too, once it was sent.
    private uint? _endAt;
    private int _guestScale = -1, _segmentSize = MaxSegmentSize, _duplicates, _attempts;
    private bool _hostEnded, _endSent, _endAcknowledged;
    private long _timeout = FirstTimeout, _due = long.MaxValue;

    // From the guest: the next byte, and one behind the last that it was told that it may send.
    private uint _expected, _offered;
    private bool _guestEnded, _hostShut, _answerDue;

    private TcpConnection(FrameBuilder builder, TcpEndpoints endpoints, Socket socket, TcpState state)
    {
        _builder = builder;
        Endpoints = endpoints;
        _socket = socket;
        State = state;
        _unacknowledged = _next = _highest = (uint)Random.Shared.Next();
    }

    public TcpEndpoints Endpoints { get; }

    public TcpState State { get; private set; }

    /// <summary>The socket's descriptor.</summary>
    public int Descriptor => (int)_socket.Handle;

    /// <summary>What of the socket to wait for.</summary>
    public short Events => State switch
    {
        TcpState.Connecting => Poller.Out,
        TcpState.Established => (short)((!_hostEnded && _toGuest.Free > 0 ? Poller.In : 0) | (_toHost is { Count: > 0 } ? Poller.Out : 0)),
        _ => 0,
    };

    /// <summary>When to be called again at the latest.</summary>
    public long Due => State is TcpState.Connecting or TcpState.Closed ? long.MaxValue : _due;

    // Bytes of the sequence that are under way; the first one is the SYN, until it is acknowledged.
    private uint UnderWay => _next - _unacknowledged;

    private uint Free => (uint)(_toHost?.Free ?? BufferSize);

    /// <summary>The guest opens a connection; the socket is connecting.</summary>
    public static TcpConnection Accept(FrameBuilder builder, TcpEndpoints endpoints, Socket socket, in TcpSegment segment)
    {
        var connection = new TcpConnection(builder, endpoints, socket, TcpState.Connecting) { _expected = segment.Sequence + 1 };
        connection.ReadOptions(segment);
        return connection;
    }

    /// <summary>The host opens a connection to the guest.</summary>
    public static TcpConnection Offer(FrameBuilder builder, TcpEndpoints endpoints, Socket socket, long now)
    {
        var connection = new TcpConnection(builder, endpoints, socket, TcpState.Offered) { _guestScale = 0 };
        connection.Arm(now);
        connection.SendSyn(TcpSegment.Syn);
        return connection;
    }

    /// <summary>Takes a segment from the guest.</summary>
    public void Receive(in TcpSegment segment, long now)
    {
        if (segment.Has(TcpSegment.Reset))
        {
            if (State != TcpState.Established || segment.Sequence == _expected)
                State = TcpState.Closed;
            return;
        }
        switch (State)
        {
            case TcpState.Accepted when segment.Has(TcpSegment.Syn):
                SendSyn(TcpSegment.Syn | TcpSegment.Ack);
                break;
            case TcpState.Accepted when segment.Has(TcpSegment.Ack) && segment.Acknowledged == _highest:
                Establish();
                Take(segment, now);
                break;
            case TcpState.Offered when (segment.Flags & (TcpSegment.Syn | TcpSegment.Ack)) == (TcpSegment.Syn | TcpSegment.Ack) && segment.Acknowledged == _highest:
                _expected = segment.Sequence + 1;
                ReadOptions(segment);
                Establish();
                _window = segment.Window;
                _answerDue = true;
                break;
            case TcpState.Established when segment.Has(TcpSegment.Syn):
                _answerDue = true;
                break;
            case TcpState.Established:
                Take(segment, now);
                break;
        }
    }

    /// <summary>The socket is ready for something.</summary>
    public void OnSocket(short events, long now)
    {
        if (State == TcpState.Connecting)
            OnConnected(now);
        else if (State == TcpState.Established && (events & (Poller.In | Poller.HangUp | Poller.Error)) != 0)
            ReadHost();
    }

    /// <summary>Does what can be done: writes to the host, sends to the guest, looks at the time.</summary>
    public void Pump(long now)
    {
        if (State is TcpState.Accepted or TcpState.Offered)
        {
            if (now >= _due && HasAttempts(now))
                SendSyn(State == TcpState.Offered ? TcpSegment.Syn : (byte)(TcpSegment.Syn | TcpSegment.Ack));
        }
        else if (State == TcpState.Established)
        {
            WriteHost();
            if (State == TcpState.Established)
                PumpGuest(now);
        }
    }

    public void Dispose() => _socket.Dispose();

    private void PumpGuest(long now)
    {
        var isProbe = now >= _due;
        if (isProbe)
        {
            if (!HasAttempts(now))
                return;
            _next = _unacknowledged;
            _endSent = false;
        }
        SendData(now, isProbe);
        // A window that was nearly closed is opened by telling so.
        if (_answerDue || Free >= BufferSize / 2 && _offered - _expected < BufferSize / 4)
            _answerDue = !Send(TcpSegment.Ack, _next, 0);
        if (_guestEnded && _endAcknowledged)
            State = TcpState.Closed;
    }

    private void OnConnected(long now)
    {
        if ((int)_socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)! != 0)
        {
            Abort();
            return;
        }
        State = TcpState.Accepted;
        Arm(now);
        SendSyn(TcpSegment.Syn | TcpSegment.Ack);
    }

    private void Establish()
    {
        State = TcpState.Established;
        _unacknowledged = _next = _highest;
        (_attempts, _timeout) = (0, FirstTimeout);
        Disarm();
    }

    private void ReadOptions(in TcpSegment segment)
    {
        _segmentSize = Math.Min(MaxSegmentSize, segment.MaxSegmentSize);
        _guestScale = segment.WindowScale;
        _window = segment.Window;
    }

    private void Take(in TcpSegment segment, long now)
    {
        if (segment.Has(TcpSegment.Ack))
            TakeAcknowledgement(segment, now);
        // Without a payload, and not what is expected: the guest asks whether anybody is there.
        if (segment.Length > 0 || segment.Sequence != _expected)
            TakePayload(segment);
    }

    private void TakeAcknowledgement(in TcpSegment segment, long now)
    {
        var window = (uint)segment.Window << Math.Max(0, _guestScale);
        var acknowledged = segment.Acknowledged - _unacknowledged;
        if (acknowledged > _highest - _unacknowledged)
            return;
        _attempts = 0;
        if (acknowledged > 0)
        {
            _toGuest.Drop((int)Math.Min(acknowledged, (uint)_toGuest.Count));
            _unacknowledged = segment.Acknowledged;
            if ((int)(_next - _unacknowledged) < 0)
                _next = _unacknowledged;
            _endAcknowledged = _endAt == _unacknowledged;
            (_duplicates, _timeout) = (0, FirstTimeout);
            if (_unacknowledged == _highest)
                Disarm();
            else
                Arm(now);
        }
        else if (segment.Length == 0 && window == _window && UnderWay > 0 && ++_duplicates == DuplicatesForResend)
        {
            _next = _unacknowledged;
            _endSent = false;
        }
        _window = window;
    }

    private void TakePayload(in TcpSegment segment)
    {
        _answerDue = true;
        var skip = _expected - segment.Sequence;
        var payload = segment.Payload;
        // What is ahead of what is expected comes again; what is behind it has been taken.
        if (skip > (uint)payload.Length || _guestEnded)
            return;
        payload = payload[(int)skip..];
        var taken = ToHost(payload);
        _expected += (uint)taken;
        if (taken == payload.Length && segment.Has(TcpSegment.Fin))
        {
            _expected++;
            _guestEnded = true;
        }
    }

    private int ToHost(ReadOnlySpan<byte> payload)
    {
        if (payload.Length == 0)
            return 0;
        var sent = 0;
        if (_toHost is not { Count: > 0 })
        {
            sent = Math.Max(0, _socket.Send(payload, SocketFlags.None, out var error));
            if (error is not (SocketError.Success or SocketError.WouldBlock))
            {
                Abort();
                return payload.Length;
            }
        }
        return sent == payload.Length ? sent : sent + (_toHost ??= new ByteRing(BufferSize)).Append(payload[sent..]);
    }

    private void WriteHost()
    {
        while (_toHost is { Count: > 0 } waiting)
        {
            var sent = _socket.Send(waiting.First, SocketFlags.None, out var error);
            if (error == SocketError.WouldBlock)
                return;
            if (error != SocketError.Success)
            {
                Abort();
                return;
            }
            waiting.Drop(sent);
        }
        if (!_guestEnded || _hostShut)
            return;
        _hostShut = true;
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            Abort();
        }
    }

    private void ReadHost()
    {
        while (!_hostEnded && _toGuest.NextFree is { Length: > 0 } room)
        {
            var read = _socket.Receive(room, SocketFlags.None, out var error);
            if (error == SocketError.WouldBlock)
                return;
            if (error != SocketError.Success)
            {
                Abort();
                return;
            }
            _toGuest.Commit(read);
            _hostEnded = read == 0;
        }
    }

    private void SendData(long now, bool isProbe)
    {
        var most = _builder.TakesLargeSegments ? LargeSegment / _segmentSize * _segmentSize : _segmentSize;
        while (!_endSent && !_endAcknowledged)
        {
            var sent = (int)UnderWay;
            var unsent = _toGuest.Count - sent;
            var window = (int)Math.Min(Math.Max(_window, isProbe ? 1u : 0), int.MaxValue) - sent;
            var length = Math.Min(Math.Min(unsent, window), most);
            if (length > 0)
            {
                // A small piece only when it is the last one, or all that the guest takes.
                if (length < _segmentSize && length < unsent && sent > 0)
                    return;
                if (!Send(length == unsent ? (byte)(TcpSegment.Ack | TcpSegment.Push) : TcpSegment.Ack, _next, length))
                    return;
                _next += (uint)length;
            }
            else if (_hostEnded && unsent == 0)
            {
                if (!Send(TcpSegment.Fin | TcpSegment.Ack, _next, 0))
                    return;
                _next++;
                _endSent = true;
                _endAt = _next;
            }
            else
            {
                // A closed window is looked at again from time to time.
                if (unsent > 0 && _due == long.MaxValue)
                    Arm(now);
                return;
            }
            _answerDue = false;
            if ((int)(_next - _highest) > 0)
                _highest = _next;
            if (_due == long.MaxValue)
                Arm(now);
            isProbe = false;
        }
    }

    private bool HasAttempts(long now)
    {
        if (++_attempts > MostAttempts)
        {
            Abort();
            return false;
        }
        _timeout = Math.Min(_timeout * 2, LongestTimeout);
        Arm(now);
        return true;
    }

    private void Arm(long now) => _due = now + _timeout;

    private void Disarm() => _due = long.MaxValue;

    // The guest is told that the connection is no more.
    private void Abort()
    {
        Send(TcpSegment.Reset | TcpSegment.Ack, _next, 0);
        State = TcpState.Closed;
    }

    private void SendSyn(byte flags)
    {
        const byte sizeOption = 2, scaleOption = 3, nothing = 1;
        var header = _builder.IpPayload;
        var length = FrameBuilder.TcpHeader + 4;
        header[20] = sizeOption;
        header[21] = 4;
        BinaryPrimitives.WriteUInt16BigEndian(header[22..], MaxSegmentSize);
        if (_guestScale >= 0)
        {
            header[24] = scaleOption;
            header[25] = 3;
            header[26] = WindowScale;
            header[27] = nothing;
            length += 4;
        }
        // Windows of segments with SYN are not scaled.
        WriteHeader(header, flags, _unacknowledged, length, ushort.MaxValue);
        _offered = _expected + ushort.MaxValue;
        _highest = _unacknowledged + 1;
        _builder.SendTcp(Endpoints.Peer, Endpoints.Guest, length, length, MaxSegmentSize);
    }

    private bool Send(byte flags, uint sequence, int payload)
    {
        var packet = _builder.IpPayload;
        var scale = _guestScale >= 0 ? WindowScale : 0;
        var window = (ushort)Math.Min(Free >> scale, ushort.MaxValue);
        WriteHeader(packet, flags, sequence, FrameBuilder.TcpHeader, window);
        _toGuest.Peek((int)(sequence - _unacknowledged), packet.Slice(FrameBuilder.TcpHeader, payload));
        if (!_builder.SendTcp(Endpoints.Peer, Endpoints.Guest, FrameBuilder.TcpHeader, FrameBuilder.TcpHeader + payload, _segmentSize))
            return false;
        _offered = _expected + ((uint)window << scale);
        return true;
    }

    private void WriteHeader(Span<byte> header, byte flags, uint sequence, int length, ushort window)
    {
        BinaryPrimitives.WriteUInt16BigEndian(header, Endpoints.PeerPort);
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], Endpoints.GuestPort);
        BinaryPrimitives.WriteUInt32BigEndian(header[4..], sequence);
        BinaryPrimitives.WriteUInt32BigEndian(header[8..], (flags & TcpSegment.Ack) != 0 ? _expected : 0);
        header[12] = (byte)(length / 4 << 4);
        header[13] = flags;
        BinaryPrimitives.WriteUInt16BigEndian(header[14..], window);
        BinaryPrimitives.WriteUInt32BigEndian(header[16..], 0); // checksum, urgent pointer
    }
}
