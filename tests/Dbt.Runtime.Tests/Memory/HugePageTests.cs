using Dbt.Runtime.Memory;

namespace Dbt.Runtime.Tests.Memory;

/// <summary>What is asked of the host, which has huge pages in every kernel that distributions build.</summary>
public sealed unsafe class HugePageTests : IDisposable
{
    private const ulong HugePage = 2 << 20;
    private const ulong Large = 2 * HugePage;
    private const ulong Somewhere = 64 << 20;

    private readonly GuestMemory _memory = new(1UL << 30);


    public void Dispose() => _memory.Dispose();

    [Fact]
    public void The_window_begins_with_one() => Assert.Equal(0UL, (ulong)_memory.Base % HugePage);

    [Fact]
    public void Large_memory_has_them_and_begins_with_one()
    {
        var start = Map(0, Large + GuestMemory.PageSize);
        Assert.Equal(0UL, start % HugePage);
        Assert.True(HostMaps.PrefersHugePages(_memory.Base + start));
        Assert.True(HostMaps.PrefersHugePages(_memory.Base + start + Large));
    }

    [Fact]
    public void Memory_that_grows_has_them_once_it_is_large()
    {
        for (var length = 0UL; length < Large; length += HugePage / 2)
        {
            Assert.True(length == 0 || !HostMaps.PrefersHugePages(_memory.Base + Somewhere));
            Map(Somewhere + length, HugePage / 2);
        }
        Assert.True(HostMaps.PrefersHugePages(_memory.Base + Somewhere));
        Map(Somewhere + Large, HugePage / 2);
        Assert.True(HostMaps.PrefersHugePages(_memory.Base + Somewhere + Large));
        Map(Somewhere - GuestMemory.PageSize, GuestMemory.PageSize);
        Assert.True(HostMaps.PrefersHugePages(_memory.Base + Somewhere - GuestMemory.PageSize));
    }

    [Theory]
    [InlineData(Large - GuestMemory.PageSize, MemoryProtection.ReadWrite, MapFlags.None, null)]
    [InlineData(Large, MemoryProtection.None, MapFlags.None, null)]
    [InlineData(Large, MemoryProtection.ReadWrite, MapFlags.Shared, null)]
    [InlineData(Large, MemoryProtection.ReadWrite, MapFlags.None, GuestMemory.StackName)]
    public void Small_inaccessible_shared_memory_and_stacks_do_without(ulong length, MemoryProtection protection, MapFlags flags, string? name)
    {
        Assert.Equal(MemoryError.None, _memory.Map(0, length, protection, flags, out var start, name));
        Assert.False(HostMaps.PrefersHugePages(_memory.Base + start));
    }

    private ulong Map(ulong address, ulong length)
    {
        var flags = address == 0 ? MapFlags.None : MapFlags.FixedNoReplace;
        Assert.Equal(MemoryError.None, _memory.Map(address, length, MemoryProtection.ReadWrite, flags, out var start));
        return start;
    }
}
