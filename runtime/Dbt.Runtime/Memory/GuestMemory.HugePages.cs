namespace Dbt.Runtime.Memory;

// Memory that a guest has much of lies in huge pages of the host, where the host has them: fewer faults, fewer misses of address translation.
// The window begins at a multiple of a huge page, so that what is aligned for the guest is aligned for the host.
public sealed unsafe partial class GuestMemory
{
    private const ulong HugePageSize = 2 << 20;

    // Plain memory in one piece of at least this much. Programs that touch little of less would pay for pages that they do not need.
    private const ulong LargeMemory = 4 << 20;

    // Whether huge pages suit it: private memory of plain data. A stack is large and mostly untouched.
    private static bool IsPlain(MemoryMapping mapping) =>
        mapping is { HasObject: false, Protection: MemoryProtection.ReadWrite, Name: not StackName };

    // After a mapping was added, by itself or to its neighbours.
    private void PreferHugePages(MemoryMapping added)
    {
        if (!IsPlain(added) || _mappings.Find(added.Start) is not { } whole || whole.Length < LargeMemory)
            return;
        // What was large before is done already, but for a huge page that becomes whole now.
        var isNew = whole.Length - added.Length < LargeMemory;
        var start = Math.Max(whole.Start, isNew ? whole.Start : added.Start & ~(HugePageSize - 1));
        var end = isNew ? whole.End : Math.Min(whole.End, RoundUpToHuge(added.End));
        _ = HostCalls.Advise(Base + start, (nuint)(end - start), HostCalls.AdviseHugePage);
    }

    // A place for large memory that begins with a huge page.
    private bool TryFindHuge(ulong length, ulong top, out ulong place)
    {
        var found = _mappings.TryFindFree(length + HugePageSize - PageSize, LowestAddress, top, out place);
        place = RoundUpToHuge(place);
        return found;
    }

    private static ulong RoundUpToHuge(ulong value) => value + HugePageSize - 1 & ~(HugePageSize - 1);
}
