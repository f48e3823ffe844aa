using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Dbt.Bench.Booting;

/// <summary>What guests talk to through their network: a port that serves zeros by HTTP, and the next one, which takes whatever it gets.</summary>
internal sealed class HostServer : IDisposable
{
    private readonly byte[] _block = new byte[1 << 16];
    private readonly long _length;
    private readonly TcpListener _source;
    private readonly TcpListener _sink;

    /// <summary>Listens on two ports of the loopback address.</summary>
    /// <param name="length">Bytes that are served.</param>
    public HostServer(long length)
    {
        _length = length;
        (_source, _sink) = ListenToTwo();
        Port = ((IPEndPoint)_source.LocalEndpoint).Port;
        _ = AcceptAsync(_source, ServeAsync);
        _ = AcceptAsync(_sink, SwallowAsync);
    }

    /// <summary>The port that serves; the sink's is the next one.</summary>
    public int Port { get; }

    /// <summary>Stops.</summary>
    public void Dispose()
    {
        _source.Dispose();
        _sink.Dispose();
    }

    private static (TcpListener Source, TcpListener Sink) ListenToTwo()
    {
        while (true)
        {
            var source = new TcpListener(IPAddress.Loopback, 0);
            source.Start();
            var sink = new TcpListener(IPAddress.Loopback, ((IPEndPoint)source.LocalEndpoint).Port + 1);
            try
            {
                sink.Start();
                return (source, sink);
            }
            catch (SocketException)
            {
                // Somebody else's.
                source.Dispose();
                sink.Dispose();
            }
        }
    }

    private static async Task AcceptAsync(TcpListener listener, Func<NetworkStream, Task> serve)
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync().ConfigureAwait(false);
                await serve(client.GetStream()).ConfigureAwait(false);
            }
        }
        catch (SocketException)
        {
        }
        catch (ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(NetworkStream client)
    {
        try
        {
            _ = await client.ReadAsync(new byte[4096]).ConfigureAwait(false);
            await client.WriteAsync(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"HTTP/1.0 200 OK\r\nContent-Length: {_length}\r\n\r\n"))).ConfigureAwait(false);
            for (var left = _length; left > 0; left -= _block.Length)
                await client.WriteAsync(_block.AsMemory(0, (int)Math.Min(left, _block.Length))).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // The guest went away.
        }
    }

    private async Task SwallowAsync(NetworkStream client)
    {
        try
        {
            while (await client.ReadAsync(_block.AsMemory()).ConfigureAwait(false) > 0)
            {
            }
        }
        catch (IOException)
        {
        }
    }
}
