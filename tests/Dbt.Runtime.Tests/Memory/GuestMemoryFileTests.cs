using Dbt.Isa;
using Dbt.Runtime.Memory;
using Microsoft.Win32.SafeHandles;

namespace Dbt.Runtime.Tests.Memory;

public sealed class GuestMemoryFileTests : IDisposable
{
    private const ulong Page = GuestMemory.PageSize;
    private const int FilePages = 6;

    private readonly GuestMemory _memory = new(1UL << 30);
    private readonly string _path = Path.GetTempFileName();
    private readonly SafeFileHandle _file;

    // Each page of the file is filled with its number, from 1.
    public GuestMemoryFileTests()
    {
        File.WriteAllBytes(_path, [.. Enumerable.Range(0, FilePages * (int)Page).Select(i => (byte)(i / (int)Page + 1))]);
        _file = File.OpenHandle(_path, FileMode.Open, FileAccess.ReadWrite);
    }

    public void Dispose()
    {
        _memory.Dispose();
        _file.Dispose();
        File.Delete(_path);
    }

    [Fact]
    public void Shared_pages_are_the_file_and_private_ones_are_not()
    {
        var shared = Map(MapFlags.Shared, pages: 2, offset: 1);
        var copy = Map(MapFlags.None, pages: 2, offset: 1);
        Assert.Equal(2, Read(shared));
        Assert.True(_memory.TryWrite(shared, (byte)77));
        Assert.Equal(77, FileByte(1));
        Assert.Equal(77, Read(copy));
        Assert.True(_memory.TryWrite(copy + Page, (byte)99));
        Assert.Equal(99, Read(copy + Page));
        Assert.Equal(3, FileByte(2));
        Assert.Equal(MemoryError.None, _memory.Discard(copy, 2 * Page));
        Assert.Equal(3, Read(copy + Page));
        Assert.Equal(2 * Page, _memory.Charged);
    }

    [Fact]
    public void Parts_keep_their_place_in_the_file()
    {
        var start = Map(MapFlags.None, FilePages, offset: 0);
        Assert.Equal(MemoryError.None, _memory.Unmap(start + 2 * Page, Page));
        Assert.Equal(MemoryError.None, _memory.Protect(start + 4 * Page, Page, MemoryProtection.Read));
        Assert.Equal([0UL, 3 * Page, 4 * Page, 5 * Page], _memory.Mappings.Select(m => m.Offset));
        Assert.Equal(MemoryError.None, _memory.Protect(start + 4 * Page, Page, MemoryProtection.ReadWrite));
        Assert.Equal([0UL, 3 * Page], _memory.Mappings.Select(m => m.Offset));
        Assert.Equal(MemoryError.None, _memory.Unmap(start + 3 * Page, Page));
        Assert.Equal(5, Read(start + 4 * Page));
    }

    [Theory]
    [InlineData(MapFlags.Shared)]
    [InlineData(MapFlags.None)]
    public void Mappings_grow_and_move_along_the_file(MapFlags flags)
    {
        var start = Map(flags, pages: 2, offset: 1);
        Assert.True(_memory.TryWrite(start, (byte)77));
        Assert.Equal(MemoryError.NoMemory, _memory.Remap(start, 2 * Page, 4 * Page, RemapFlags.None, 0, out _));
        Assert.Equal(MemoryError.None, _memory.Remap(start, 2 * Page, 4 * Page, RemapFlags.MayMove, 0, out var moved));
        Assert.NotEqual(start, moved);
        Assert.True(_memory.IsFree(start, 2 * Page));
        Assert.Equal([77, 3, 4, 5], Enumerable.Range(0, 4).Select(i => (int)Read(moved + (ulong)i * Page)));
        Assert.Equal(Page, Assert.Single(_memory.Mappings).Offset);
        // From its middle, and smaller.
        Assert.Equal(
            MemoryError.None, _memory.Remap(moved + Page, 3 * Page, Page, RemapFlags.MayMove | RemapFlags.Fixed, start, out var middle));
        Assert.Equal((start, 3), (middle, Read(middle)));
        Assert.Equal([2 * Page, Page], _memory.Mappings.OrderBy(m => m.Start == start ? 0 : 1).Select(m => m.Offset));
    }

    [Fact]
    public void Pages_behind_the_end_are_refused()
    {
        var start = Map(MapFlags.None, FilePages + 2, offset: 0, MemoryProtection.All);
        Assert.True(_memory.IsAccessible(start, (FilePages + 2) * Page, AccessKind.Read));
        Assert.False(_memory.TryRead(start + FilePages * Page, out byte _));
        Assert.False(_memory.TryWrite(start + FilePages * Page, (byte)1));
        Assert.False(_memory.TryClear(start + FilePages * Page, 1));
        Assert.Equal(2, _memory.Fetch(start + FilePages * Page - 2, new byte[4]));
        Assert.Equal(0, _memory.Fetch(start + FilePages * Page, new byte[4]));
    }

    [Fact]
    public void What_cannot_be_mapped_is_refused()
    {
        Assert.Equal(MemoryError.BadFile, _memory.MapFile(0, Page, MemoryProtection.Read, MapFlags.None, -1, 0, null, out _));
        Assert.Equal(MemoryError.BadFile, _memory.MapFile(0, Page, MemoryProtection.Read, MapFlags.None, 1 << 20, 0, null, out _));
        foreach (var offset in (ulong[])[1, ulong.MaxValue, ulong.MaxValue - Page + 1, 1UL << 63])
            Assert.Equal(
                MemoryError.InvalidArgument, _memory.MapFile(0, Page, MemoryProtection.Read, MapFlags.None, Descriptor, offset, null, out _));
        using var directory = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.Read);
        Assert.Equal(
            MemoryError.NoDevice,
            _memory.MapFile(0, Page, MemoryProtection.Read, MapFlags.None, (int)directory.DangerousGetHandle(), 0, null, out _));
        using var readOnly = File.OpenHandle(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        Assert.Equal(
            MemoryError.AccessDenied,
            _memory.MapFile(0, Page, MemoryProtection.ReadWrite, MapFlags.Shared, (int)readOnly.DangerousGetHandle(), 0, null, out _));
        Assert.Empty(_memory.Mappings);

        Assert.Equal(
            MemoryError.None,
            _memory.MapFile(0, Page, MemoryProtection.Read, MapFlags.Shared, (int)readOnly.DangerousGetHandle(), 0, null, out var start));
        Assert.Equal(MemoryError.AccessDenied, _memory.Protect(start, Page, MemoryProtection.ReadWrite));
        Assert.False(_memory.TryWrite(start, (byte)1));
        Assert.Equal(1, Read(start));
    }

    [Fact]
    public void Memory_is_mapped_and_accessed_by_many_threads_at_once()
    {
        const int Threads = 4, Rounds = 400;
        var stable = Map(MapFlags.None, FilePages, offset: 0);
        var errors = 0;
        var threads = Enumerable.Range(0, Threads).Select(n => new Thread(() =>
        {
            var random = new Random(n);
            for (var i = 0; i < Rounds; i++)
            {
                var size = (ulong)random.Next(1, 9) * Page;
                if (_memory.Map(0, size, MemoryProtection.ReadWrite, MapFlags.None, out var mine) != MemoryError.None
                    || !_memory.TryWrite(mine + size - 4, n) || !_memory.TryRead(mine + size - 4, out int value) || value != n
                    || Read(stable + (ulong)(i % FilePages) * Page) != i % FilePages + 1
                    || _memory.Remap(mine, size, size + Page, RemapFlags.MayMove, 0, out mine) != MemoryError.None
                    || !_memory.TryRead(mine + size - 4, out value) || value != n
                    || _memory.Unmap(mine, size + Page) != MemoryError.None)
                    Interlocked.Increment(ref errors);
                // Somewhere in what others map and unmap: any answer will do, but an answer.
                _ = _memory.TryRead(mine + (ulong)random.Next(1 << 20), out value);
                _ = _memory.TryGetSpan(mine, 1, AccessKind.Read, out _);
            }
        })).ToArray();
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
        Assert.Equal(0, errors);
        Assert.Single(_memory.Mappings);
        Assert.Equal(FilePages * Page, _memory.Charged);
    }

    private int Descriptor => (int)_file.DangerousGetHandle();

    private ulong Map(MapFlags flags, int pages, ulong offset, MemoryProtection protection = MemoryProtection.ReadWrite)
    {
        Assert.Equal(
            MemoryError.None, _memory.MapFile(0, (ulong)pages * Page, protection, flags, Descriptor, offset * Page, _path, out var start));
        return start;
    }

    private byte Read(ulong address)
    {
        Assert.True(_memory.TryRead(address, out byte value));
        return value;
    }

    private byte FileByte(int page)
    {
        var bytes = new byte[1];
        Assert.Equal(1, RandomAccess.Read(_file, bytes, page * (long)Page));
        return bytes[0];
    }
}
