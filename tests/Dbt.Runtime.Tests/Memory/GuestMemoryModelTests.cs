using Dbt.Isa;
using Dbt.Runtime.Memory;

namespace Dbt.Runtime.Tests.Memory;

/// <summary>Random operations on a small window, compared after each with a model that is an array of pages.</summary>
public sealed unsafe class GuestMemoryModelTests
{
    private const ulong PageSize = GuestMemory.PageSize;
    private const int Lowest = (int)(GuestMemory.LowestAddress / PageSize), Pages = Lowest + 48, Limit = 30;

    // Values of shared pages are not followed.
    private sealed record Page(MemoryProtection Protection, bool IsShared, byte Value);

    private readonly GuestMemory _memory = new(Pages * PageSize, Limit * PageSize);
    private readonly List<(ulong Start, ulong Length)> _changes = [];
    private readonly Page?[] _model = new Page?[Pages];
    private readonly Random _random;

    public GuestMemoryModelTests()
    {
        _random = new Random(4711);
        _memory.ExecutableChanged += (start, length) => _changes.Add((start, length));
    }

    [Fact]
    public void Random_operations_do_what_the_model_does()
    {
        var succeeded = new int[6];
        for (var i = 0; i < 8_000; i++)
        {
            _changes.Clear();
            var before = (Page?[])_model.Clone();
            var kind = _random.Next(6);
            var done = kind switch { 0 or 1 => Map(), 2 => Unmap(), 3 => Protect(), 4 => Remap(), _ => Discard() };
            succeeded[kind] += done ? 1 : 0;
            if (!done)
                before.CopyTo(_model, 0);
            CheckPages(before);
            CheckList();
            Write();
            if (i % 500 == 0)
                Assert.Equal(_model.Select(HostPermissions), HostMaps.Permissions(_memory.Base, Pages));
        }
        Assert.All(succeeded, n => Assert.True(n > 100, $"an operation succeeded only {n} times"));
        _memory.Dispose();
    }

    private bool Map()
    {
        var (start, length) = Range();
        var flags = _random.Next(5) switch { 0 => MapFlags.Fixed, 1 => MapFlags.FixedNoReplace, _ => MapFlags.None };
        if (_random.Next(4) == 0)
            flags |= MapFlags.Shared;
        var protection = (MemoryProtection)_random.Next(8);
        var isFree = _model.AsSpan(start, length).ContainsAnyExcept((Page?)null) is false;
        var error = _memory.Map((ulong)start * PageSize, (ulong)length * PageSize, protection, flags, out var address);
        if (error == MemoryError.Exists)
            Assert.True(flags.HasFlag(MapFlags.FixedNoReplace) && !isFree);
        if (error != MemoryError.None)
            return false;
        if ((flags & (MapFlags.Fixed | MapFlags.FixedNoReplace)) != 0 || isFree && start >= Lowest)
            Assert.Equal((ulong)start * PageSize, address);
        start = (int)(address / PageSize);
        if (!flags.HasFlag(MapFlags.Fixed))
            Assert.All(_model[start..(start + length)], Assert.Null);
        Array.Fill(_model, new Page(protection, flags.HasFlag(MapFlags.Shared), 0), start, length);
        return true;
    }

    private bool Unmap()
    {
        var (start, length) = Range();
        Array.Clear(_model, start, length);
        Assert.Equal(MemoryError.None, _memory.Unmap((ulong)start * PageSize, (ulong)length * PageSize));
        return true;
    }

    private bool Protect()
    {
        var (start, length) = Range();
        var protection = (MemoryProtection)_random.Next(8);
        var error = _memory.Protect((ulong)start * PageSize, (ulong)length * PageSize, protection);
        for (var i = start; i < start + length; i++)
            _model[i] = _model[i] is { } page ? page with { Protection = protection } : null;
        Assert.Equal(_model[start..(start + length)].Contains(null) || Charge() > Limit, error == MemoryError.NoMemory);
        return error == MemoryError.None;
    }

    private bool Remap()
    {
        var (start, length) = Range(maximum: 6);
        var newLength = _random.Next(1, 8);
        var flags = (RemapFlags)_random.Next(4);
        var (target, _) = Range();
        var error = _memory.Remap(
            (ulong)start * PageSize, (ulong)length * PageSize, (ulong)newLength * PageSize, flags, (ulong)target * PageSize, out var address);
        if (error != MemoryError.None)
            return false;
        var place = (int)(address / PageSize);
        var moved = _model[start..(start + length)];
        Assert.All(moved, Assert.NotNull);
        Assert.True(place == start || flags.HasFlag(RemapFlags.MayMove));
        if (flags.HasFlag(RemapFlags.Fixed))
            Assert.Equal(target, place);
        Array.Clear(_model, start, length);
        for (var i = 0; i < newLength; i++)
        {
            if (place != start && !flags.HasFlag(RemapFlags.Fixed) || place == start && i >= length)
                Assert.Null(_model[place + i]);
            _model[place + i] = i < length ? moved[i] : moved[0]! with { Value = 0 };
        }
        return true;
    }

    private bool Discard()
    {
        var (start, length) = Range();
        var error = _memory.Discard((ulong)start * PageSize, (ulong)length * PageSize);
        Assert.Equal(_model[start..(start + length)].Contains(null), error == MemoryError.NoMemory);
        for (var i = start; i < start + length; i++)
            if (_model[i] is { IsShared: false } page)
                _model[i] = page with { Value = 0 };
        // What is mapped is discarded even when the call reports a hole.
        return true;
    }

    private void Write()
    {
        var index = _random.Next(Pages);
        var value = (byte)_random.Next(1, 256);
        var page = _model[index];
        if (page is { IsShared: true })
            return;
        var allowed = page?.Protection.HasFlag(MemoryProtection.Write) ?? false;
        Assert.Equal(allowed, _memory.TryWrite((ulong)index * PageSize + (ulong)_random.Next((int)PageSize - 1), (byte)0));
        Assert.Equal(allowed, _memory.TryWrite((ulong)index * PageSize, value));
        if (allowed)
            _model[index] = page! with { Value = value };
    }

    private void CheckPages(Page?[] before)
    {
        for (var i = 0; i < Pages; i++)
        {
            var page = _model[i];
            var address = (ulong)i * PageSize;
            var protection = page?.Protection ?? MemoryProtection.None;
            Assert.Equal(protection != MemoryProtection.None, _memory.IsAccessible(address, PageSize, AccessKind.Read));
            Assert.Equal(protection.HasFlag(MemoryProtection.Write), _memory.IsAccessible(address, PageSize, AccessKind.Write));
            Assert.Equal(protection.HasFlag(MemoryProtection.Execute), _memory.IsAccessible(address, PageSize, AccessKind.Execute));
            Assert.Equal(page is null, _memory.IsFree(address, PageSize));
            if (protection != MemoryProtection.None && !page!.IsShared)
            {
                Assert.True(_memory.TryRead(address, out byte value));
                Assert.Equal(page.Value, value);
            }
            var wasExecutable = before[i]?.Protection.HasFlag(MemoryProtection.Execute) ?? false;
            if (wasExecutable && before[i] != page)
                Assert.Contains(_changes, c => c.Start <= address && address < c.Start + c.Length);
        }
        Assert.Equal((ulong)Charge() * PageSize, _memory.Charged);
    }

    private void CheckList()
    {
        var mappings = _memory.Mappings;
        for (var i = 0; i < mappings.Count; i++)
        {
            Assert.True(mappings[i].Start < mappings[i].End);
            if (i > 0)
                Assert.True(mappings[i - 1].End <= mappings[i].Start && !mappings[i - 1].MergesWith(mappings[i]));
        }
    }

    private int Charge() => _model.Count(p => p is not null && p.Protection.HasFlag(MemoryProtection.Write));

    private static string HostPermissions(Page? page) =>
        page is null || page.Protection == MemoryProtection.None ? "---" + (page is { IsShared: true } ? "s" : "p")
        : (page.Protection.HasFlag(MemoryProtection.Write) ? "rw-" : "r--") + (page.IsShared ? "s" : "p");

    private (int Start, int Length) Range(int maximum = 12)
    {
        var start = _random.Next(Pages);
        return (start, Math.Min(_random.Next(1, maximum + 1), Pages - start));
    }
}
