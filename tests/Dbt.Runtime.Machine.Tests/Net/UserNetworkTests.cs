using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Dbt.Runtime.Machine.Net;

namespace Dbt.Runtime.Machine.Tests.Net;

public sealed class UserNetworkTests : IDisposable
{
    private readonly List<IDisposable> _owned = [];

    [Fact]
    public void Answers_who_the_gateway_is_and_nobody_else()
    {
        var card = Plug(new UserNetwork([], isRestricted: false));
        byte[] Ask(byte last) => Packet.Ethernet(0x0806, [0, 1, 8, 0, 6, 4, 0, 1, 0x52, 0x54, 0, 0x12, 0x34, 0x56, 10, 0, 2, 15, 0, 0, 0, 0, 0, 0, 10, 0, 2, last]);
        card.Send(Ask(15));
        card.Send(Ask(77));
        card.Send(Ask(2));
        var reply = card.Receive().Frame;
        Assert.Equal([0, 1, 8, 0, 6, 4, 0, 2, 0x52, 0x55, 10, 0, 2, 2, 10, 0, 2, 2, 0x52, 0x54, 0, 0x12, 0x34, 0x56, 10, 0, 2, 15], reply[14..]);
    }

    [Fact]
    public void Answers_pings()
    {
        var card = Plug(new UserNetwork([], isRestricted: true));
        card.Send(Packet.Ip(Packet.Guest, Packet.Gateway, 1, [8, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7]));
        var reply = Packet.IpPayload(card.Receive().Frame, 1, out var source);
        Assert.Equal(Packet.Gateway, source);
        Assert.Equal([0, 0, 1, 2, 3, 4, 5, 6, 7], [.. reply[..2], .. reply[4..]]);
        Assert.Equal(0, InternetChecksum.Finish(InternetChecksum.Add(0, reply)));
    }

    [Theory]
    [InlineData(1, 0x0a00_020f, 2)] // DISCOVER, OFFER
    [InlineData(3, 0x0a00_020f, 5)] // REQUEST, ACK
    [InlineData(3, 0xc0a8_0001, 6)] // another address, NAK
    public void Leases_the_address(byte type, uint wanted, byte answer)
    {
        var card = Plug(new UserNetwork([], isRestricted: true));
        var request = new byte[260];
        request[0] = 1;
        BinaryPrimitives.WriteUInt32BigEndian(request.AsSpan(4), 0x1234_5678);
        BinaryPrimitives.WriteUInt32BigEndian(request.AsSpan(236), 0x6382_5363);
        byte[] options = [0, 53, 1, type, 50, 4, (byte)(wanted >> 24), (byte)(wanted >> 16), (byte)(wanted >> 8), (byte)wanted, 255];
        options.CopyTo(request, 240);
        card.Send(Packet.Udp(uint.MaxValue, 68, 67, request, source: 0));
        var reply = Packet.IpPayload(card.Receive().Frame, 17, out var source)[8..];
        Assert.Equal((Packet.Gateway, 0x1234_5678u, (byte)2), (source, Packet.Word(reply, 4), reply[0]));
        Assert.Equal(answer == 6 ? 0 : Packet.Guest, Packet.Word(reply, 16));
        Assert.Equal([53, 1, answer, 54, 4, 10, 0, 2, 2], reply[240..249]);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(4000)] // comes back in fragments
    public void Datagrams_reach_services_of_the_host_and_answers_the_guest(int length)
    {
        using var service = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var port = (ushort)((IPEndPoint)service.Client.LocalEndPoint!).Port;
        var card = Plug(new UserNetwork([], isRestricted: false));
        card.Send(Packet.Udp(Packet.Gateway, 5000, port, [1, 2, 3]));
        IPEndPoint? from = null;
        Assert.Equal([1, 2, 3], service.Receive(ref from));
        var answer = new byte[length];
        new Random(1).NextBytes(answer);
        service.Send(answer, from);
        var datagram = new List<byte>();
        while (datagram.Count < length + 8)
        {
            var frame = card.Receive().Frame;
            Assert.True(frame.Length <= 1514);
            Assert.Equal(datagram.Count / 8, Packet.Half(frame, 20) & 0x1fff);
            datagram.AddRange(Packet.IpPayload(frame, 17, out var source));
            Assert.Equal(Packet.Gateway, source);
            Assert.Equal(datagram.Count < length + 8, (frame[20] & 0x20) != 0);
        }
        Assert.True(Packet.HasChecksum([.. datagram], 17, Packet.Gateway, Packet.Guest));
        Assert.Equal(answer, datagram[8..]);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Streams_reach_services_of_the_host_and_come_back(bool partial, bool large)
    {
        var (listener, port) = Listen();
        var card = Plug(new UserNetwork([], isRestricted: false), network => new FakeCard(network) { TakesPartialChecksums = partial, TakesLargeSegments = large });
        var guest = new GuestTcp(card, 4000, Packet.Gateway, port);
        guest.Connect();
        using var service = listener.AcceptTcpClient();
        var up = Bytes(300_000);
        var received = Task.Run(() => ReadAll(service));
        guest.Write(up);
        guest.End();
        Assert.Equal(up, await received);
        var down = Bytes(500_000);
        var sent = Task.Run(() =>
        {
            service.GetStream().Write(down);
            service.Client.Shutdown(SocketShutdown.Send);
        });
        Assert.Equal(down, guest.Read(down.Length));
        while (!guest.HasEnd)
            guest.Step();
        await sent;
        Assert.Equal(large, guest.MostPayload > 1460);
    }

    [Theory]
    [InlineData(7, 0)]
    [InlineData(0, 3)]
    [InlineData(50, 5)]
    public async Task What_gets_lost_or_finds_no_room_comes_again(int loss, int refusal)
    {
        var (listener, port) = Listen();
        var card = Plug(new UserNetwork([], isRestricted: false), network => new FakeCard(network)
        {
            Loses = number => loss > 0 && number % loss == loss - 1,
            Refuses = number => refusal > 0 && number % refusal == refusal - 1,
        });
        var guest = new GuestTcp(card, 4000, Packet.Gateway, port);
        guest.Connect();
        using var service = listener.AcceptTcpClient();
        var down = Bytes(loss > 0 ? 20_000 : 200_000);
        var sent = Task.Run(() => service.GetStream().Write(down));
        Assert.Equal(down, guest.Read(down.Length));
        await sent;
    }

    [Fact]
    public void A_port_of_the_host_leads_to_the_guest()
    {
        Assert.True(PortForward.TryParse("tcp::0-:22", out var forward));
        var network = new UserNetwork([forward!], isRestricted: true);
        var card = Plug(network);
        using var client = new TcpClient();
        client.Connect(network.ListeningAt[0]);
        Assert.Equal(IPAddress.Loopback, network.ListeningAt[0].Address);
        var guest = GuestTcp.Accept(card, 22);
        var stream = client.GetStream();
        stream.Write("hello"u8);
        Assert.Equal("hello"u8.ToArray(), guest.Read(5));
        guest.Write("world"u8.ToArray());
        var answer = new byte[5];
        stream.ReadExactly(answer);
        Assert.Equal("world"u8.ToArray(), answer);
        client.Client.Shutdown(SocketShutdown.Send);
        while (!guest.HasEnd)
            guest.Step();
        guest.End();
        Assert.Equal(0, stream.Read(answer));
    }

    [Fact]
    public void Nobody_there_is_a_reset()
    {
        var (listener, port) = Listen();
        listener.Stop();
        var guest = new GuestTcp(Plug(new UserNetwork([], isRestricted: false)), 4000, Packet.Gateway, port);
        guest.Connect();
        Assert.True(guest.IsReset);
    }

    [Fact]
    public void A_restricted_guest_reaches_nothing()
    {
        var (_, port) = Listen();
        var guest = new GuestTcp(Plug(new UserNetwork([], isRestricted: true)), 4000, Packet.Gateway, port);
        guest.Connect();
        Assert.True(guest.IsReset);
    }

    [Fact]
    public void A_reset_of_either_end_reaches_the_other()
    {
        var (listener, port) = Listen();
        var card = Plug(new UserNetwork([], isRestricted: false));
        var first = new GuestTcp(card, 4000, Packet.Gateway, port);
        first.Connect();
        using (var service = listener.AcceptTcpClient())
        {
            first.Send(0x04, []);
            Assert.Equal(0, service.GetStream().Read(new byte[1]));
        }
        var second = new GuestTcp(card, 4001, Packet.Gateway, port);
        second.Connect();
        using (var service = listener.AcceptSocket())
            service.LingerState = new LingerOption(true, 0);
        while (!second.IsReset)
            second.Step();
    }

    [Fact]
    public void Nonsense_is_ignored()
    {
        var card = Plug(new UserNetwork([], isRestricted: false));
        var random = new Random(1);
        for (var i = 0; i < 5000; i++)
        {
            var payload = new byte[random.Next(1, 80)];
            random.NextBytes(payload);
            // Destinations that lead nowhere, so that nothing leaves this host.
            card.Send(random.Next(4) switch
            {
                0 => payload,
                1 => Packet.Ethernet((ushort)(random.Next(2) == 0 ? 0x0800 : 0x0806), payload),
                2 => Packet.Udp(Packet.Guest, (ushort)random.Next(100), (ushort)random.Next(60, 70), payload),
                _ => Packet.Ip(Packet.Guest, 0x0a00_0263, (byte)(random.Next(2) == 0 ? 6 : 17), payload),
            });
        }
        card.Send(Packet.Ip(Packet.Guest, Packet.Gateway, 1, [8, 0, 0, 0, 0, 0, 0, 9]));
        byte[] frame;
        do
            frame = card.Receive().Frame;
        while (frame[23] != 1);
    }

    [Theory]
    [InlineData("tcp::8080-:80", "127.0.0.1:8080", 80)]
    [InlineData("tcp:0.0.0.0:2222-10.0.2.15:22", "0.0.0.0:2222", 22)]
    [InlineData("udp::1-:2", null, 0)]
    [InlineData("tcp::1-:0", null, 0)]
    [InlineData("tcp::99999-:1", null, 0)]
    [InlineData("tcp:8080-80", null, 0)]
    [InlineData("", null, 0)]
    public void Forwards_are_written_as_QEMU_has_them(string text, string? host, int guest)
    {
        Assert.Equal(host is not null, PortForward.TryParse(text, out var forward));
        Assert.Equal((host, guest), (forward?.Host.ToString(), forward?.GuestPort ?? 0));
    }

    public void Dispose()
    {
        foreach (var owned in _owned)
            owned.Dispose();
    }

    private FakeCard Plug(UserNetwork network, Func<INetwork, FakeCard>? create = null)
    {
        var card = create?.Invoke(network) ?? new FakeCard(network);
        _owned.Add(network);
        network.Attach(card);
        return card;
    }

    private (TcpListener Listener, ushort Port) Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        _owned.Add(listener);
        listener.Start();
        return (listener, (ushort)((IPEndPoint)listener.LocalEndpoint).Port);
    }

    private static byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        return bytes;
    }

    private static byte[] ReadAll(TcpClient client)
    {
        var all = new MemoryStream();
        client.GetStream().CopyTo(all);
        return all.ToArray();
    }
}
