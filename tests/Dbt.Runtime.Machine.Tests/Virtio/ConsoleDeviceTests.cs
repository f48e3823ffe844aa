using System.Text;
using Dbt.Runtime.Machine.Tests.Fakes;
using Dbt.Runtime.Machine.Virtio;

namespace Dbt.Runtime.Machine.Tests.Virtio;

public sealed class ConsoleDeviceTests : IDisposable
{
    private readonly FakeConsole _console = new();
    private readonly VirtioDriver _driver;

    public ConsoleDeviceTests() => _driver = new VirtioDriver(memory => new ConsoleDevice(memory, _console)).Start();

    [Fact]
    public void What_is_sent_is_printed()
    {
        _driver.Request(1, [Encoding.ASCII.GetBytes("hello, "), Encoding.ASCII.GetBytes("world")], []);
        Assert.Equal("hello, world", _console.Printed);
    }

    [Fact]
    public void What_is_typed_waits_for_buffers_and_fills_them()
    {
        _console.Type("0123456789");
        Assert.False(_driver.Line.Level);
        _driver.Queues[0].Submit([], [4]);
        _driver.Queues[0].Submit([], [4]);
        _driver.Notify(0);
        Assert.Equal("0123", Encoding.ASCII.GetString(_driver.Queues[0].Complete()));
        Assert.Equal("4567", Encoding.ASCII.GetString(_driver.Queues[0].Complete()));
        Assert.True(_driver.Line.Level);
        _driver.Queues[0].Submit([], [4]);
        _driver.Notify(0);
        Assert.Equal("89\0\0", Encoding.ASCII.GetString(_driver.Queues[0].Complete(out var length)));
        Assert.Equal(2u, length);
    }

    public void Dispose() => _driver.Dispose();
}
