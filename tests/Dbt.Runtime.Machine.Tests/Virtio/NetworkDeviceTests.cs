using Dbt.Runtime.Machine.Net;
using Dbt.Runtime.Machine.Virtio;

namespace Dbt.Runtime.Machine.Tests.Virtio;

public sealed class NetworkDeviceTests : IDisposable
{
    private const ulong MergeableBuffers = 1 << 15;

    private readonly FakeNetwork _network = new();
    private readonly VirtioDriver _driver;

    public NetworkDeviceTests() => _driver = new VirtioDriver(memory => new NetworkDevice(memory, _network)).Start();

    [Fact]
    public void Says_its_hardware_address() => Assert.Equal(0x5634_1200_5452u, _driver.Registers.Read(0x100, 8) & 0xffff_ffff_ffff);

    [Fact]
    public void Frames_reach_the_network_without_their_header()
    {
        _driver.Queues[1].Submit([new byte[12], [1, 2, 3], [4, 5]], []);
        _driver.Notify(1);
        var frame = new byte[100];
        Assert.Equal(5, _network.Port!.Transmit(frame));
        Assert.Equal([1, 2, 3, 4, 5], frame[..5]);
        Assert.Equal(0, _network.Port.Transmit(frame));
        _driver.Queues[1].Complete();
        Assert.True(_network.Wakes > 0);
    }

    [Fact]
    public void A_frame_for_the_guest_may_take_several_buffers()
    {
        Assert.False(_network.Port!.TryReceive(new byte[10], default));
        for (var i = 0; i < 3; i++)
            _driver.Queues[0].Submit([], [16]);
        Assert.False(_network.Port.TryReceive(new byte[48], default));
        Assert.Equal(0, _driver.Queues[0].UsedIndex);
        Assert.True(_network.Port.TryReceive([.. Enumerable.Range(1, 30).Select(value => (byte)value)], new FrameOffload(34, 16, 1460, 54)));
        Assert.Equal([1, 1, 54, 0, 0xb4, 5, 34, 0, 16, 0, 3, 0, 1, 2, 3, 4], _driver.Queues[0].Complete());
        Assert.Equal([5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20], _driver.Queues[0].Complete());
        Assert.Equal([21, 22, 23, 24, 25, 26, 27, 28, 29, 30], _driver.Queues[0].Complete(out var length)[..10]);
        Assert.Equal(10u, length);
    }

    [Fact]
    public void Without_mergeable_buffers_what_does_not_fit_is_dropped()
    {
        _driver.Start(without: MergeableBuffers);
        _driver.Queues[0].Submit([], [16]);
        Assert.True(_network.Port!.TryReceive(new byte[10], default));
        Assert.Equal(0, _driver.Queues[0].UsedIndex);
        Assert.True(_network.Port.TryReceive([7], default));
        Assert.Equal(7, _driver.Queues[0].Complete()[12]);
    }

    public void Dispose() => _driver.Dispose();

    private sealed class FakeNetwork : INetwork
    {
        public INetworkPort? Port { get; private set; }

        public int Wakes { get; private set; }

        public void Attach(INetworkPort port) => Port = port;

        public void Wake() => Wakes++;

        public void Dispose()
        {
        }
    }
}
