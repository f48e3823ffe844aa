using System.Text;
using Dbt.Isa;
using Dbt.Runtime.Memory;

namespace Dbt.Runtime.Tests.Memory;

public sealed unsafe class GuestMemoryTests : IDisposable
{
    private const ulong Page = GuestMemory.PageSize;
    private const ulong Somewhere = 0x10_0000;

    private readonly GuestMemory _memory = new(1UL << 30, limit: 64 << 20);
    private readonly List<(ulong Start, ulong Length)> _changes = [];

    public GuestMemoryTests() => _memory.ExecutableChanged += (start, length) => _changes.Add((start, length));

    public void Dispose() => _memory.Dispose();

    [Fact]
    public void Fresh_memory_is_zero_and_keeps_what_is_written()
    {
        var start = MapFixed(Somewhere, 3 * Page);
        Assert.True(_memory.TryRead(start + 2 * Page, out ulong value));
        Assert.Equal(0UL, value);
        Assert.True(_memory.TryWrite(start + Page - 4, 0x1122334455667788UL));
        Assert.True(_memory.TryRead(start + Page - 4, out value));
        Assert.Equal(0x1122334455667788UL, value);
        Assert.Equal(0x88, _memory.Base[start + Page - 4]);
    }

    [Theory]
    [InlineData(0UL, 1UL)]
    [InlineData(Somewhere - 1, 1UL)]
    [InlineData(Somewhere - 1, 2UL)]
    [InlineData(Somewhere + Page - 1, 2UL)]
    [InlineData(Somewhere, ulong.MaxValue)]
    [InlineData(ulong.MaxValue, 1UL)]
    [InlineData(ulong.MaxValue, 8UL)]
    [InlineData(ulong.MaxValue - 7, 8UL)]
    [InlineData(ulong.MaxValue - 7, ulong.MaxValue)]
    [InlineData(1UL << 30, 1UL)]
    [InlineData(1UL << 63, 1UL << 63)]
    public void Access_outside_of_mappings_is_refused(ulong address, ulong length)
    {
        MapFixed(Somewhere, Page);
        Assert.False(_memory.IsAccessible(address, length, AccessKind.Read));
        Assert.False(_memory.TryGetSpan(address, length, AccessKind.Read, out _));
        Assert.False(_memory.TryClear(address, length));
        var buffer = new byte[Math.Min(length, 8)];
        if (length <= 8)
        {
            Assert.False(_memory.TryRead(address, buffer));
            Assert.False(_memory.TryWrite(address, buffer));
        }
        Assert.Equal(0, _memory.Fetch(address, new byte[8]));
    }

    [Fact]
    public void Permissions_are_checked_and_given_to_the_host()
    {
        var start = MapFixed(Somewhere, 4 * Page, MemoryProtection.None);
        Protect(start + Page, Page, MemoryProtection.Read);
        Protect(start + 2 * Page, Page, MemoryProtection.ReadWrite);
        Protect(start + 3 * Page, Page, MemoryProtection.ReadExecute);
        Assert.Equal([false, true, true, true], Pages(AccessKind.Read));
        Assert.Equal([false, false, true, false], Pages(AccessKind.Write));
        Assert.Equal([false, false, false, true], Pages(AccessKind.Execute));
        Assert.Equal(["---p", "r--p", "rw-p", "r--p"], HostMaps.Permissions(_memory.Base + start, 4));
        Assert.Equal(4, _memory.Mappings.Count);

        bool[] Pages(AccessKind access) => [.. Enumerable.Range(0, 4).Select(i => _memory.IsAccessible(start + (ulong)i * Page, Page, access))];
    }

    [Fact]
    public void Code_may_change_unannounced_where_the_guest_or_another_mapping_can_write()
    {
        var start = MapFixed(Somewhere, 4 * Page, MemoryProtection.None);
        Protect(start + Page, Page, MemoryProtection.ReadExecute);
        Protect(start + 2 * Page, Page, MemoryProtection.All);
        Assert.Equal(MemoryError.None, _memory.Map(start + 3 * Page, Page, MemoryProtection.ReadExecute, MapFlags.Fixed | MapFlags.Shared, out _));
        Assert.Equal([false, false, true, true, false], Enumerable.Range(0, 5).Select(i => _memory.MayChange(start + (ulong)i * Page + 5)));
    }

    [Fact]
    public void A_write_that_is_partly_refused_writes_nothing()
    {
        var start = MapFixed(Somewhere, 2 * Page);
        Protect(start + Page, Page, MemoryProtection.Read);
        Assert.False(_memory.TryWrite(start + Page - 4, ulong.MaxValue));
        Assert.False(_memory.TryClear(start + Page - 4, 8));
        Assert.True(_memory.TryRead(start + Page - 4, out uint value));
        Assert.Equal(0u, value);
    }

    [Fact]
    public void Neighbours_merge_and_split()
    {
        MapFixed(Somewhere, Page);
        MapFixed(Somewhere + 2 * Page, Page);
        MapFixed(Somewhere + Page, Page);
        Assert.Equal([(Somewhere, Somewhere + 3 * Page)], Ranges());
        Assert.Equal(MemoryError.None, _memory.Unmap(Somewhere + Page, Page));
        Assert.Equal([(Somewhere, Somewhere + Page), (Somewhere + 2 * Page, Somewhere + 3 * Page)], Ranges());
        Assert.Equal(MemoryError.None, _memory.Unmap(0, 1UL << 30));
        Assert.Empty(Ranges());
        Assert.Equal(0UL, _memory.Charged);
    }

    [Fact]
    public void Free_addresses_are_found_from_the_top_down_and_hints_are_honoured()
    {
        _memory.SearchTop = 0x2000_0000;
        Assert.Equal(0x2000_0000 - Page, MapAnywhere(0, 1));
        Assert.Equal(0x2000_0000 - 3 * Page, MapAnywhere(0, 2 * Page));
        Assert.Equal(0x1000_0000UL, MapAnywhere(0x1000_0000, Page));
        Assert.Equal(0x2000_0000 - 4 * Page, MapAnywhere(0x1000_0000, Page));
        Assert.Equal(MemoryError.None, _memory.Unmap(0x2000_0000 - 3 * Page, 2 * Page));
        Assert.Equal(0x2000_0000 - 2 * Page, MapAnywhere(0, Page));
        // Nothing below is large enough: above the top, then.
        Assert.Equal(MemoryError.None, _memory.Map(0, 0x1800_0000, MemoryProtection.None, MapFlags.None, out var start));
        Assert.Equal((1UL << 30) - 0x1800_0000, start);
        Assert.Equal(MemoryError.NoMemory, _memory.Map(0, 0x1800_0000, MemoryProtection.None, MapFlags.None, out start));
        Assert.Equal(0UL, start);
    }

    [Fact]
    public void Fixed_replaces_and_no_replace_refuses()
    {
        var start = MapFixed(Somewhere, 2 * Page);
        Assert.True(_memory.TryWrite(start, 1));
        Assert.True(_memory.TryWrite(start + Page, 1));
        Assert.Equal(MemoryError.Exists, _memory.Map(start + Page, Page, MemoryProtection.Read, MapFlags.FixedNoReplace, out _));
        MapFixed(start, Page);
        Assert.True(_memory.TryRead(start, out int replaced));
        Assert.True(_memory.TryRead(start + Page, out int kept));
        Assert.Equal((0, 1), (replaced, kept));
        // Low addresses are only for those who insist.
        Assert.NotEqual(Page, MapAnywhere(Page, Page));
        Assert.Equal(0UL, MapFixed(0, Page));
    }

    [Theory]
    [InlineData(1UL, Page, MapFlags.Fixed, MemoryError.InvalidArgument)]
    [InlineData(Page, 0UL, MapFlags.Fixed, MemoryError.InvalidArgument)]
    [InlineData(Page, ulong.MaxValue, MapFlags.Fixed, MemoryError.NoMemory)]
    [InlineData(Page, ulong.MaxValue, MapFlags.None, MemoryError.NoMemory)]
    [InlineData(ulong.MaxValue - Page + 1, Page, MapFlags.Fixed, MemoryError.NoMemory)]
    [InlineData(ulong.MaxValue - 5, Page, MapFlags.FixedNoReplace, MemoryError.InvalidArgument)]
    [InlineData(1UL << 30, Page, MapFlags.Fixed, MemoryError.NoMemory)]
    [InlineData((1UL << 30) - Page, 2 * Page, MapFlags.Fixed, MemoryError.NoMemory)]
    public void Impossible_places_are_refused(ulong address, ulong length, MapFlags flags, MemoryError expected)
    {
        Assert.Equal(expected, _memory.Map(address, length, MemoryProtection.Read, flags, out _));
        Assert.Empty(Ranges());
        Assert.NotEqual(MemoryError.None, _memory.Unmap(address, length) | _memory.Protect(address, length, (MemoryProtection)8));
    }

    [Fact]
    public void The_limit_counts_writable_memory()
    {
        Assert.Equal(MemoryError.None, _memory.Map(0, 512 << 20, MemoryProtection.None, MapFlags.None, out var reserved));
        Assert.Equal(0UL, _memory.Charged);
        Assert.Equal(MemoryError.None, _memory.Protect(reserved, 64 << 20, MemoryProtection.ReadWrite));
        Assert.Equal(64UL << 20, _memory.Charged);
        Assert.Equal(MemoryError.NoMemory, _memory.Map(0, Page, MemoryProtection.ReadWrite, MapFlags.None, out _));
        Assert.Equal(MemoryError.NoMemory, _memory.Protect(reserved + (64 << 20), 1, MemoryProtection.ReadWrite));
        Assert.Equal(MemoryError.NoMemory, _memory.Remap(reserved, 64 << 20, 65 << 20, RemapFlags.MayMove, 0, out _));
        Assert.Equal(MemoryError.None, _memory.Map(reserved, Page, MemoryProtection.ReadWrite, MapFlags.Fixed, out _));
        Assert.Equal(MemoryError.None, _memory.Unmap(reserved, Page));
        Assert.Equal(MemoryError.None, _memory.Map(0, Page, MemoryProtection.ReadWrite, MapFlags.None, out _));
    }

    [Fact]
    public void Protecting_a_hole_is_refused_and_changes_nothing()
    {
        MapFixed(Somewhere, Page);
        MapFixed(Somewhere + 2 * Page, Page);
        Assert.Equal(MemoryError.NoMemory, _memory.Protect(Somewhere, 3 * Page, MemoryProtection.None));
        Assert.True(_memory.TryWrite(Somewhere, 1));
    }

    [Fact]
    public void Strings_are_read_up_to_their_end_only()
    {
        var start = MapFixed(Somewhere, Page);
        var text = string.Concat(Enumerable.Repeat("path/", 200));
        Assert.True(_memory.TryWrite(start + Page - 1001, Encoding.ASCII.GetBytes(text)));
        Assert.True(_memory.TryReadCString(start + Page - 1001, 4096, out var read));
        Assert.Equal(text, Encoding.ASCII.GetString(read));
        Assert.True(_memory.TryReadCString(start + Page - 1001, 1000, out read));
        Assert.Equal(1000, read.Length);
        Assert.True(_memory.TryReadCString(start + Page - 1, 4096, out read));
        Assert.Empty(read);
        Assert.True(_memory.TryWrite(start + Page - 1, (byte)1));
        Assert.False(_memory.TryReadCString(start + Page - 1, 4096, out _));
        Assert.True(_memory.TryReadCString(start + Page - 1, 1, out read));
        Assert.False(_memory.TryReadCString(ulong.MaxValue, 4096, out _));
    }

    [Fact]
    public void Spans_are_the_memory_itself()
    {
        var start = MapFixed(Somewhere, Page);
        Assert.True(_memory.TryGetSpan(start + 8, 8, AccessKind.Write, out var span));
        span.Fill(0xFF);
        Assert.True(_memory.TryRead(start + 8, out long value));
        Assert.Equal(-1, value);
        Assert.True(_memory.TryGetSpan(ulong.MaxValue, 0, AccessKind.Write, out span));
        Assert.True(span.IsEmpty);
    }

    [Fact]
    public void Fetch_stops_where_execution_does()
    {
        var start = MapFixed(Somewhere, 2 * Page);
        Assert.True(_memory.TryWrite(start + Page - 2, 0x1234));
        Assert.Equal(0, _memory.Fetch(start, new byte[4]));
        Protect(start, Page, MemoryProtection.Execute);
        var bytes = new byte[4];
        Assert.Equal(2, _memory.Fetch(start + Page - 2, bytes));
        Assert.Equal(new byte[] { 0x34, 0x12, 0, 0 }, bytes);
        Protect(start + Page, Page, MemoryProtection.All);
        Assert.Equal(4, _memory.Fetch(start + Page - 2, bytes));
        Assert.Equal(0, _memory.Fetch(ulong.MaxValue, bytes));
    }

    [Fact]
    public void Changes_of_executable_ranges_are_announced()
    {
        var start = MapFixed(Somewhere, 4 * Page);
        Protect(start, Page, MemoryProtection.Read);
        Assert.Empty(_changes);
        Protect(start + Page, Page, MemoryProtection.ReadExecute);
        Protect(start + Page, Page, MemoryProtection.Read);
        Assert.Equal([(start + Page, Page), (start + Page, Page)], _changes);
        _changes.Clear();
        Protect(start + 3 * Page, Page, MemoryProtection.ReadExecute);
        Assert.Equal(MemoryError.None, _memory.Unmap(start, 4 * Page));
        Assert.Equal([(start + 3 * Page, Page), (start, 4 * Page)], _changes);
        _changes.Clear();
        MapFixed(start, Page, MemoryProtection.All);
        MapFixed(start, Page);
        Assert.Equal([(start, Page), (start, Page)], _changes);
        _changes.Clear();
        MapFixed(start, Page, MemoryProtection.All);
        Assert.Equal(MemoryError.None, _memory.Remap(start, Page, Page, RemapFlags.MayMove | RemapFlags.Fixed, start + Page, out _));
        Assert.Equal([(start, Page), (start, Page), (start + Page, Page)], _changes);
    }

    [Fact]
    public void Discarded_memory_reads_as_zero()
    {
        var start = MapFixed(Somewhere, 2 * Page);
        Assert.True(_memory.TryWrite(start, 1));
        Assert.True(_memory.TryWrite(start + Page, 1));
        Assert.Equal(MemoryError.None, _memory.Discard(start, Page));
        Assert.True(_memory.TryRead(start, out int first));
        Assert.True(_memory.TryRead(start + Page, out int second));
        Assert.Equal((0, 1), (first, second));
        Assert.Equal(MemoryError.NoMemory, _memory.Discard(start, 3 * Page));
        Assert.Equal(MemoryError.NoMemory, _memory.Discard(ulong.MaxValue - Page + 1, Page));
    }

    private ulong MapFixed(ulong address, ulong length, MemoryProtection protection = MemoryProtection.ReadWrite)
    {
        Assert.Equal(MemoryError.None, _memory.Map(address, length, protection, MapFlags.Fixed, out var start));
        Assert.Equal(address, start);
        return start;
    }

    private ulong MapAnywhere(ulong hint, ulong length)
    {
        Assert.Equal(MemoryError.None, _memory.Map(hint, length, MemoryProtection.Read, MapFlags.None, out var start));
        return start;
    }

    private void Protect(ulong address, ulong length, MemoryProtection protection) =>
        Assert.Equal(MemoryError.None, _memory.Protect(address, length, protection));

    private (ulong, ulong)[] Ranges() => [.. _memory.Mappings.Select(m => (m.Start, m.End))];

    [Fact]
    public void Says_when_shared_memory_can_be_written_to()
    {
        var raised = 0;
        _memory.WritableShared += () => raised++;
        Assert.Equal(MemoryError.None, _memory.Map(0, 4096, MemoryProtection.ReadWrite, MapFlags.None, out var own));
        Assert.Equal(MemoryError.None, _memory.Map(0, 4096, MemoryProtection.Read, MapFlags.Shared, out var shared));
        Assert.Equal(MemoryError.None, _memory.Protect(own, 4096, MemoryProtection.ReadWrite));
        Assert.Equal(0, raised);
        Assert.Equal(MemoryError.None, _memory.Protect(shared, 4096, MemoryProtection.ReadWrite));
        Assert.Equal(1, raised);
        Assert.Equal(MemoryError.None, _memory.Map(0, 4096, MemoryProtection.ReadWrite, MapFlags.Shared, out _));
        Assert.Equal(2, raised);
    }
}
