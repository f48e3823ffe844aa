using Dbt.Runtime.Memory;

namespace Dbt.Runtime.Linux.Processes;

/// <summary>The heap that brk moves the end of.</summary>
/// <param name="start">Where it starts: behind the program's last segment.</param>
internal sealed class ProgramBreak(ulong start)
{
    private readonly Lock _lock = new();
    private readonly ulong _start = Align(start);
    private ulong _current = start;

    /// <summary>Moves the end, when that is possible, and returns where it is now.</summary>
    public ulong Move(GuestMemory memory, ulong wanted)
    {
        lock (_lock)
        {
            if (wanted < _start || wanted > memory.Size)
                return _current;
            ulong end = Align(_current), newEnd = Align(wanted);
            var error = newEnd > end
                ? memory.Map(end, newEnd - end, MemoryProtection.ReadWrite, MapFlags.FixedNoReplace, out _, "[heap]")
                : newEnd < end ? memory.Unmap(newEnd, end - newEnd) : MemoryError.None;
            if (error != MemoryError.None)
                return _current;
            // Growing again must find zeros: what stays mapped of the last page is cleared now.
            if (wanted < _current)
                _ = memory.TryClear(wanted, Math.Min(_current, newEnd) - wanted);
            return _current = wanted;
        }
    }

    private static ulong Align(ulong address) => address + (GuestMemory.PageSize - 1) & ~(GuestMemory.PageSize - 1);
}
