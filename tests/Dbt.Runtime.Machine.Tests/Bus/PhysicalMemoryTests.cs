using Dbt.Runtime.Machine.Bus;

namespace Dbt.Runtime.Machine.Tests.Bus;

public sealed class PhysicalMemoryTests
{
    private const ulong Start = PhysicalMemory.DefaultRamStart, Length = 0x10000;

    [Theory]
    [InlineData(Start, 0, true)]
    [InlineData(Start, (int)Length, true)]
    [InlineData(Start, (int)Length + 1, false)]
    [InlineData(Start + Length - 1, 1, true)]
    [InlineData(Start + Length - 1, 2, false)]
    [InlineData(Start + Length, 0, false)]
    [InlineData(Start - 1, 1, false)]
    [InlineData(ulong.MaxValue, 1, false)]
    [InlineData(ulong.MaxValue - 3, int.MaxValue, false)]
    [InlineData(Start, -1, false)]
    public void Gives_RAM_and_nothing_else(ulong address, int length, bool expected)
    {
        using var memory = new PhysicalMemory(Length);
        Assert.Equal(expected, memory.TryGetSpan(address, length, out var span));
        Assert.Equal(expected ? length : 0, span.Length);
    }

    [Fact]
    public void Loads_and_stores_lead_to_devices()
    {
        using var memory = new PhysicalMemory(Length);
        var first = new Recorder();
        var second = new Recorder();
        memory.Map(0x2000, 0x100, second);
        memory.Map(0x1000, 0x1000, first);
        Assert.True(memory.TryStore(0x1ff8, 8, 7));
        Assert.True(memory.TryStore(0x2004, 2, 0x12345));
        Assert.True(memory.TryLoad(0x20ff, 1, out var value));
        Assert.Equal(0xffUL, value);
        Assert.False(memory.TryLoad(0x2100, 1, out _));
        Assert.False(memory.TryLoad(0x20fc, 8, out _));
        Assert.False(memory.TryLoad(0x2001, 2, out _));
        Assert.Equal([(0xff8UL, 8, 7UL)], first.Writes);
        Assert.Equal([(4UL, 2, 0x2345UL)], second.Writes);
    }

    [Fact]
    public void Ranges_do_not_overlap()
    {
        using var memory = new PhysicalMemory(Length);
        memory.Map(0x1000, 0x1000, new Recorder());
        Assert.Throws<ArgumentException>(() => memory.Map(0x1ff8, 8, new Recorder()));
        Assert.Throws<ArgumentException>(() => memory.Map(0, 0x1001, new Recorder()));
        Assert.Throws<ArgumentException>(() => memory.Map(Start + Length - 8, 16, new Recorder()));
        Assert.Throws<ArgumentException>(() => memory.Map(ulong.MaxValue - 7, 16, new Recorder()));
    }

    [Fact]
    public void Writes_of_devices_are_reported()
    {
        using var memory = new PhysicalMemory(Length);
        var reported = new List<(ulong, ulong)>();
        memory.Written += (address, length) => reported.Add((address, length));
        Assert.True(memory.TryWrite(Start + 5, [1, 2, 3]));
        Assert.False(memory.TryWrite(Start + Length - 1, [1, 2, 3]));
        Assert.Equal([(Start + 5, 3UL)], reported);
        Assert.True(memory.TryLoad(Start + 4, 4, out var value));
        Assert.Equal(0x03020100UL, value);
    }

    private sealed class Recorder : IMmioDevice
    {
        public List<(ulong, int, ulong)> Writes { get; } = [];

        public ulong Read(ulong offset, int size) => offset;

        public void Write(ulong offset, int size, ulong value) => Writes.Add((offset, size, value));
    }
}
