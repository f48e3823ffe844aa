using System.Runtime.InteropServices;

namespace Dbt.Isa;

/// <summary>
/// The emitted host code of this process. When an access made by an instruction in one of these ranges fails (SIGSEGV, SIGBUS), and its
/// thread has a <see cref="HostFault"/>, the host's fault handler fills that in and goes on at the range's stub with
/// all registers, the stack pointer and the flags as they were. Whoever emits code registers it here, and whoever handles faults
/// reads the table: neither needs to know the other. Safe from any thread.
/// </summary>
public static unsafe class HostCodeRanges
{
    /// <summary>Ranges that there can be.</summary>
    public const int Count = 512;

    private static readonly Lock s_lock = new();

    /// <summary>
    /// The table, of <see cref="Count"/> entries in any order; unmanaged and never freed, since a signal handler reads it without a lock at any
    /// time. Each change is one store that makes a complete entry visible.
    /// </summary>
    public static HostCodeRange* Table { get; } = (HostCodeRange*)NativeMemory.AllocZeroed(Count, HostCodeRange.Size);

    /// <summary>Failed accesses by code in [start, start + length) go on at <paramref name="recovery"/> from now on.</summary>
    /// <exception cref="InvalidOperationException">There are too many ranges already.</exception>
    public static void Add(byte* start, ulong length, byte* recovery)
    {
        lock (s_lock)
        {
            for (var entry = Table; entry < Table + Count; entry++)
                if (entry->Length == 0)
                {
                    entry->Start = (ulong)start;
                    entry->Recovery = (ulong)recovery;
                    Volatile.Write(ref entry->Length, length);
                    return;
                }
        }
        throw new InvalidOperationException($"There are {Count} ranges of host code already.");
    }

    /// <summary>The range that starts there is no more. Nobody may be executing in it.</summary>
    public static void Remove(byte* start)
    {
        lock (s_lock)
        {
            for (var entry = Table; entry < Table + Count; entry++)
                if (entry->Start == (ulong)start)
                    Volatile.Write(ref entry->Length, 0);
        }
    }
}
