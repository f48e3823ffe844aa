using Dbt.Runtime.Machine.Bus;
using Dbt.Runtime.Machine.Tests.Fakes;
using Dbt.Runtime.Machine.Virtio;

namespace Dbt.Runtime.Machine.Tests.Virtio;

public sealed class MmioTransportTests : IDisposable
{
    private const ulong Ram = PhysicalMemory.DefaultRamStart;

    private readonly VirtioDriver _driver = new(memory => new EntropyDevice(memory));

    [Fact]
    public void Identifies_itself() =>
        Assert.Equal([0x7472_6976u, 2u, 4u], new ulong[] { 0, 4, 8 }.Select(register => _driver.Registers.Read(register, 4)));

    [Fact]
    public void An_empty_slot_has_no_device()
    {
        var slot = new MmioTransport(null, new FakeLine());
        slot.Write(0x70, 4, 15);
        slot.Write(0x50, 4, 0);
        Assert.Equal([0x7472_6976u, 0u, 0u, 0u], new ulong[] { 0, 8, 0x70, 0x100 }.Select(register => slot.Read(register, 4)));
    }

    [Fact]
    public void Serves_a_driver_and_interrupts_until_acknowledged()
    {
        _driver.Start();
        var random = _driver.Request(0, [], [64]);
        Assert.True(random.Distinct().Count() > 10);
        Assert.Equal(1u, _driver.Registers.Read(0x60, 4));
        Assert.True(_driver.Line.Level);
        _driver.Write(0x64, 1);
        Assert.False(_driver.Line.Level);
    }

    [Fact]
    public void Indirect_tables_are_followed()
    {
        _driver.Start();
        Assert.True(_driver.Request(0, [], [16, 16, 16, 16, 16, 16, 16, 16, 16, 16], indirect: true).Distinct().Count() > 10);
    }

    [Fact]
    public void Without_event_index_flags_decide_about_interrupts()
    {
        _driver.Start(without: VirtioFeatures.EventIndex);
        var queue = _driver.Queues[0];
        queue.Write16(queue.Available, 1);
        _driver.Request(0, [], [16]);
        Assert.False(_driver.Line.Level);
        queue.Write16(queue.Available, 0);
        _driver.Request(0, [], [16]);
        Assert.True(_driver.Line.Level);
    }

    [Fact]
    public void With_event_index_the_driver_hears_of_the_buffer_that_it_waits_for()
    {
        _driver.Start();
        var queue = _driver.Queues[0];
        queue.Write16(queue.Available + 4 + (ulong)queue.Size * 2, 2);
        for (var i = 0; i < 4; i++)
        {
            _driver.Request(0, [], [16]);
            queue.Write16(queue.Available + 4 + (ulong)queue.Size * 2, 2);
            Assert.Equal(i >= 2, _driver.Line.Level);
        }
        // The device, too, says from which buffer on it wants to be notified.
        Assert.Equal(4, queue.Read16(queue.Used + 4 + (ulong)queue.Size * 8));
    }

    [Theory]
    [InlineData(0UL)] // not version 1
    [InlineData(1UL << 32 | 1UL << 40)] // more than was offered
    public void Features_that_make_no_sense_are_refused(ulong features)
    {
        _driver.Write(0x70, 3);
        _driver.WriteFeatures(features);
        _driver.Write(0x70, 0xb);
        Assert.Equal(3u, _driver.Status);
        _driver.Write(0x70, 0xf);
        Assert.Equal(3u, _driver.Status);
    }

    [Theory]
    [InlineData(0, Ram, Ram, Ram)] // no size
    [InlineData(3, Ram, Ram, Ram)] // not a power of two
    [InlineData(16, Ram, Ram, Ram)] // more than the device has
    [InlineData(8, Ram + 8, Ram, Ram)] // not aligned
    [InlineData(8, Ram, Ram + 1, Ram)]
    [InlineData(8, Ram, Ram, Ram + 2)]
    [InlineData(8, Ram - 16, Ram, Ram)] // not in RAM
    [InlineData(8, Ram, Ram + (1 << 20) - 16, Ram)]
    [InlineData(8, Ram, Ram, 0xffff_ffff_ffff_fff0)]
    public void Queues_that_make_no_sense_need_a_reset(uint size, ulong descriptors, ulong available, ulong used)
    {
        _driver.Write(0x70, 3);
        _driver.WriteFeatures(VirtioFeatures.Version1);
        _driver.Write(0x70, 0xb);
        _driver.Write(0x38, size);
        foreach (var (register, address) in new[] { (0x80UL, descriptors), (0x90UL, available), (0xa0UL, used) })
        {
            _driver.Write(register, (uint)address);
            _driver.Write(register + 4, (uint)(address >> 32));
        }
        _driver.Write(0x44, 1);
        Assert.Equal(0u, _driver.Registers.Read(0x44, 4));
        Assert.Equal(0x4bu, _driver.Status);
        _driver.Start().Request(0, [], [16]);
    }

    [Theory]
    [InlineData(Ram - 1, 1, 2, 0)] // outside of RAM
    [InlineData(Ram + (1 << 20) - 1, 2, 2, 0)]
    [InlineData(Ram, uint.MaxValue, 2, 0)]
    [InlineData(ulong.MaxValue, 2, 2, 0)]
    [InlineData(Ram, 0, 2, 0)] // no length
    [InlineData(Ram, 16, 3, 0)] // a loop
    [InlineData(Ram, 16, 3, 8)] // a descriptor that does not exist
    [InlineData(Ram, 24, 4, 0)] // a table of one and a half descriptors
    [InlineData(Ram, 0, 4, 0)]
    [InlineData(Ram - 16, 16, 4, 0)]
    [InlineData(Ram, 0xffff_fff0, 4, 0)]
    [InlineData(Ram + 0x1_0000, 16, 5, 0)] // a table and a next one
    [InlineData(Ram + 0x1_0000, 16, 4, 0)] // a table in a table: it is its own
    public void Descriptors_that_break_the_rules_need_a_reset(ulong address, uint length, ushort flags, ushort next)
    {
        _driver.Start();
        var queue = _driver.Queues[0];
        queue.WriteDescriptor(queue.Descriptors, 0, address, length, flags, next);
        queue.MakeAvailable(0);
        _driver.Notify(0);
        Assert.Equal(0x4fu, _driver.Status);
        Assert.Equal(2u, _driver.Registers.Read(0x60, 4));
        Assert.Equal(0, queue.UsedIndex);
        _driver.Start().Request(0, [], [16]);
    }

    [Fact]
    public void A_head_that_does_not_exist_and_an_index_that_runs_ahead_need_a_reset()
    {
        _driver.Start();
        _driver.Queues[0].MakeAvailable(8);
        _driver.Notify(0);
        Assert.Equal(0x4fu, _driver.Status);
        _driver.Start();
        _driver.Queues[0].Write16(_driver.Queues[0].Available + 2, 9);
        _driver.Notify(0);
        Assert.Equal(0x4fu, _driver.Status);
    }

    [Fact]
    public void A_piece_to_read_behind_one_to_write_needs_a_reset()
    {
        _driver.Start();
        var queue = _driver.Queues[0];
        queue.WriteDescriptor(queue.Descriptors, 0, Ram, 16, 3, 1);
        queue.WriteDescriptor(queue.Descriptors, 1, Ram, 16, 0, 0);
        queue.MakeAvailable(0);
        _driver.Notify(0);
        Assert.Equal(0x4fu, _driver.Status);
    }

    [Fact]
    public void Nothing_happens_before_the_driver_is_ready_and_after_a_reset()
    {
        _driver.Start();
        _driver.Queues[0].Submit([], [16]);
        _driver.Write(0x70, 0);
        _driver.Notify(0);
        Assert.Equal(0, _driver.Queues[0].UsedIndex);
        Assert.Equal(0u, _driver.Registers.Read(0x44, 4));
    }

    public void Dispose() => _driver.Dispose();
}
