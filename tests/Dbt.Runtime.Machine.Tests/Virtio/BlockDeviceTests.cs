using System.Buffers.Binary;
using System.Text;
using Dbt.Runtime.Machine.Block;
using Dbt.Runtime.Machine.Devices;
using Dbt.Runtime.Machine.Virtio;

namespace Dbt.Runtime.Machine.Tests.Virtio;

public sealed class BlockDeviceTests : IDisposable
{
    private const uint In = 0, Out = 1, Flush = 4, GetId = 8, Discard = 11, WriteZeroes = 13;
    private const byte Ok = 0, Error = 1, Unsupported = 2;
    private const int Sectors = 64;

    private readonly string _path = Path.Combine(Path.GetTempPath(), $"dbt-disk-{Guid.NewGuid():n}");
    private readonly byte[] _content = new byte[Sectors * 512 + 100];
    private readonly VirtioDriver _driver;

    public BlockDeviceTests()
    {
        new Random(1).NextBytes(_content);
        File.WriteAllBytes(_path, _content);
        _driver = new VirtioDriver(memory => new BlockDevice(memory, RawDisk.Open(_path, readOnly: false), "serial-1")).Start();
    }

    [Fact]
    public void Says_how_many_whole_sectors_there_are() => Assert.Equal((ulong)Sectors, _driver.Registers.Read(0x100, 8));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Reads_into_pieces_of_any_length(bool indirect)
    {
        var result = _driver.Request(0, [Header(In, 3)], [100, 411, 1, 512, 1], indirect);
        Assert.Equal(_content[(3 * 512)..(5 * 512)], result[..^1]);
        Assert.Equal(Ok, result[^1]);
    }

    [Fact]
    public void Says_how_much_it_wrote()
    {
        _driver.Queues[0].Submit([Header(In, 0)], [512, 1]);
        _driver.Notify(0);
        _driver.Queues[0].Complete(out var written);
        Assert.Equal(513u, written);
    }

    [Fact]
    public void Writes_from_pieces_and_headers_may_share_a_piece_with_data()
    {
        var data = new byte[1024];
        new Random(2).NextBytes(data);
        Assert.Equal([Ok], _driver.Request(0, [[.. Header(Out, 7), .. data[..100]], data[100..]], [1]));
        Assert.Equal([Ok], _driver.Request(0, [Header(Flush, 0)], [1]));
        Assert.Equal(data, Stop()[(7 * 512)..(9 * 512)]);
    }

    [Theory]
    [InlineData(In, Sectors, 512)] // behind the end
    [InlineData(In, Sectors - 1, 1024)]
    [InlineData(In, -1, 512)]
    [InlineData(In, long.MaxValue / 512 + 1, 512)]
    [InlineData(In, 0, 100)] // not whole sectors
    [InlineData(In, 0, 0)]
    public void Refuses_reads_outside_of_the_disk(uint type, long sector, int length) =>
        Assert.Equal(Error, _driver.Request(0, [Header(type, (ulong)sector)], length == 0 ? [1] : [length, 1])[^1]);

    [Fact]
    public void Refuses_writes_outside_of_the_disk()
    {
        Assert.Equal([Error], _driver.Request(0, [Header(Out, Sectors - 1), new byte[1024]], [1]));
        Assert.Equal([Error], _driver.Request(0, [Header(Out, 0), new byte[10]], [1]));
        Assert.Equal([Error], _driver.Request(0, [Header(Out, 0)], [1]));
        Assert.Equal(Sectors * 512 + 100, new FileInfo(_path).Length);
    }

    [Fact]
    public void Tells_its_serial_number() =>
        Assert.Equal("serial-1", Encoding.ASCII.GetString(_driver.Request(0, [Header(GetId, 0)], [20, 1])[..20]).TrimEnd('\0'));

    [Theory]
    [InlineData(WriteZeroes, 0)]
    [InlineData(WriteZeroes, 1)]
    [InlineData(Discard, 0)]
    public void Ranges_become_zeros(uint type, uint flags)
    {
        Assert.Equal([Ok], _driver.Request(0, [Header(type, 0), Range(8, 8, flags), Range(24, 16, flags)], [1]));
        foreach (var (from, to) in new[] { (8, 16), (24, 40) })
            _content.AsSpan(from * 512, (to - from) * 512).Clear();
        Assert.Equal(_content, Stop());
    }

    [Theory]
    [InlineData(WriteZeroes, 60, 8, 0, Error)]
    [InlineData(WriteZeroes, 0, 0, 0, Error)]
    [InlineData(WriteZeroes, 0, 8, 2, Unsupported)]
    [InlineData(Discard, 0, 8, 1, Unsupported)]
    [InlineData(Discard, 0, uint.MaxValue, 0, Error)]
    public void Ranges_that_make_no_sense_are_refused(uint type, ulong sector, uint count, uint flags, byte status) =>
        Assert.Equal([status], _driver.Request(0, [Header(type, 0), Range(sector, count, flags)], [1]));

    [Fact]
    public void Unknown_requests_and_short_headers_are_refused()
    {
        Assert.Equal([Unsupported], _driver.Request(0, [Header(99, 0)], [1]));
        Assert.Equal([Error], _driver.Request(0, [new byte[15]], [1]));
    }

    [Fact]
    public void A_request_without_room_for_its_status_needs_a_reset()
    {
        _driver.Queues[0].Submit([Header(In, 0)], []);
        _driver.Notify(0);
        Assert.True(SpinWait.SpinUntil(() => _driver.Status == 0x4f, TimeSpan.FromSeconds(30)));
        Assert.Equal(Ok, _driver.Start().Request(0, [Header(In, 0)], [512, 1])[^1]);
    }

    [Fact]
    public void Many_requests_at_once_are_all_served()
    {
        _driver.Start(queueSize: 64);
        var queue = _driver.Queues[0];
        for (var round = 0; round < 50; round++)
        {
            for (var i = 0; i < 21; i++)
                queue.Submit([Header(In, (ulong)(i % Sectors))], [512, 1]);
            _driver.Notify(0);
            for (var i = 0; i < 21; i++)
                Assert.Equal(Ok, queue.Complete()[^1]);
            _driver.Start(queueSize: 64);
            queue = _driver.Queues[0];
        }
    }

    [Fact]
    public void A_read_only_disk_says_so_and_refuses_writes()
    {
        File.WriteAllBytes(_path + "-ro", _content);
        using var driver = new VirtioDriver(memory => new BlockDevice(memory, RawDisk.Open(_path + "-ro", readOnly: true), ""));
        Assert.NotEqual(0UL, driver.OfferedFeatures() & 1 << 5);
        driver.Start();
        Assert.Equal([Error], driver.Request(0, [Header(Out, 0), new byte[512]], [1]));
        Assert.Equal([Error], driver.Request(0, [Header(Discard, 0), Range(0, 8, 0)], [1]));
        Assert.Equal(Ok, driver.Request(0, [Header(In, 0)], [512, 1])[^1]);
    }

    [Fact]
    public void A_disk_in_use_a_missing_one_and_other_formats_are_refused_with_a_reason()
    {
        Assert.Contains("another machine", Assert.Throws<DeviceException>(() => RawDisk.Open(_path, readOnly: false)).Message, StringComparison.Ordinal);
        Assert.Contains("no such file", Assert.Throws<DeviceException>(() => RawDisk.Open(_path + "-none", readOnly: false)).Message, StringComparison.Ordinal);
        Assert.Contains("directory", Assert.Throws<DeviceException>(() => RawDisk.Open(Path.GetTempPath(), readOnly: true)).Message, StringComparison.Ordinal);
        File.WriteAllBytes(_path + "-ro", [(byte)'Q', (byte)'F', (byte)'I', 0xfb, 0, 0, 0, 3]);
        Assert.Contains("qcow2", Assert.Throws<DeviceException>(() => RawDisk.Open(_path + "-ro", readOnly: true)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public unsafe void A_host_without_room_is_an_error_of_the_disk()
    {
        // Always full: what is written there fails with ENOSPC.
        using var full = RawDisk.Open("/dev/full", readOnly: false);
        var data = stackalloc byte[16];
        Assert.False(full.TryWrite([new IoVector { Start = (nint)data, Length = 16 }], 0));
    }

    public void Dispose()
    {
        _driver.Dispose();
        File.Delete(_path);
        File.Delete(_path + "-ro");
    }

    // The device holds the file's lock.
    private byte[] Stop()
    {
        _driver.Dispose();
        return File.ReadAllBytes(_path);
    }

    private static byte[] Header(uint type, ulong sector)
    {
        var header = new byte[16];
        BinaryPrimitives.WriteUInt32LittleEndian(header, type);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(8), sector);
        return header;
    }

    private static byte[] Range(ulong sector, uint count, uint flags)
    {
        var range = new byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(range, sector);
        BinaryPrimitives.WriteUInt32LittleEndian(range.AsSpan(8), count);
        BinaryPrimitives.WriteUInt32LittleEndian(range.AsSpan(12), flags);
        return range;
    }
}
