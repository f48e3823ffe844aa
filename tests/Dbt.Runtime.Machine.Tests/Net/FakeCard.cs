using System.Collections.Concurrent;
using Dbt.Runtime.Machine.Net;

namespace Dbt.Runtime.Machine.Tests.Net;

/// <summary>A network card whose guest is the test.</summary>
internal sealed class FakeCard(INetwork network) : INetworkPort
{
    private readonly ConcurrentQueue<byte[]> _sent = new();
    private readonly BlockingCollection<(byte[] Frame, FrameOffload Offload)> _received = [];
    private int _count;

    public bool TakesPartialChecksums { get; init; }

    public bool TakesLargeSegments { get; init; }

    /// <summary>Which frames for the guest get lost, by their number; null: none.</summary>
    public Func<int, bool>? Loses { get; init; }

    /// <summary>Which frames for the guest find no room.</summary>
    public Func<int, bool>? Refuses { get; init; }

    public void Send(byte[] frame)
    {
        _sent.Enqueue(frame);
        network.Wake();
    }

    public (byte[] Frame, FrameOffload Offload) Receive()
    {
        Assert.True(_received.TryTake(out var frame, TimeSpan.FromSeconds(30)), "nothing came");
        return frame;
    }

    public bool TryReceive(TimeSpan time, out byte[] frame)
    {
        var received = _received.TryTake(out var entry, time);
        frame = entry.Frame;
        return received;
    }

    int INetworkPort.Transmit(Span<byte> frame)
    {
        if (!_sent.TryDequeue(out var sent))
            return 0;
        sent.CopyTo(frame);
        return sent.Length;
    }

    bool INetworkPort.TryReceive(ReadOnlySpan<byte> frame, in FrameOffload offload)
    {
        var number = _count++;
        if (Refuses?.Invoke(number) == true)
        {
            network.Wake();
            return false;
        }
        if (Loses?.Invoke(number) != true)
            _received.Add((frame.ToArray(), offload));
        return true;
    }
}
