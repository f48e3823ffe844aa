using System.Runtime.InteropServices;

namespace Dbt.Runtime.Faults;

/// <summary>
/// What the handler looks up: guest windows, and fault cells by thread pointer. In unmanaged memory that never moves and is never
/// freed, since a handler may run at any time. Changed under a lock; the handler reads without one, so that each change is
/// one store that makes a complete entry visible.
/// </summary>
internal sealed unsafe class FaultTables
{
    /// <summary>Windows that there can be; unused ones have length 0.</summary>
    public const int WindowCount = 512;

    /// <summary>2 to the power of this is the number of threads that can be registered.</summary>
    public const int ThreadCountShift = 13;

    /// <summary>Threads that can be registered.</summary>
    public const int ThreadCount = 1 << ThreadCountShift;

    /// <summary>The first probe for a thread is at the top <see cref="ThreadCountShift"/> bits of its pointer times this (2^64 / golden ratio).</summary>
    public const ulong HashFactor = 0x9E37_79B9_7F4A_7C15;

    /// <summary>The windows.</summary>
    public FaultWindow* Windows { get; } = (FaultWindow*)NativeMemory.AllocZeroed(WindowCount, (nuint)sizeof(FaultWindow));

    /// <summary>The hash table of threads, with linear probing.</summary>
    public ThreadFaultEntry* Threads { get; } = (ThreadFaultEntry*)NativeMemory.AllocZeroed(ThreadCount, ThreadFaultEntry.Size);

    public void AddWindow(ulong start, ulong length)
    {
        for (var i = 0; i < WindowCount; i++)
            if (Windows[i].Length == 0)
            {
                Windows[i].Start = start;
                Volatile.Write(ref Windows[i].Length, length);
                return;
            }
        throw new InvalidOperationException($"There are {WindowCount} guest windows already.");
    }

    public void RemoveWindow(ulong start)
    {
        for (var i = 0; i < WindowCount; i++)
            if (Windows[i].Start == start)
                Volatile.Write(ref Windows[i].Length, 0);
    }

    public ThreadFaultEntry* EnterThread(ulong threadPointer)
    {
        ThreadFaultEntry* free = null;
        var index = (int)(threadPointer * HashFactor >> 64 - ThreadCountShift);
        for (var i = 0; i < ThreadCount; i++, index = (index + 1) % ThreadCount)
        {
            var entry = &Threads[index];
            if (entry->ThreadPointer == threadPointer)
            {
                entry->Depth++;
                return entry;
            }
            if (free == null && entry->ThreadPointer is ThreadFaultEntry.Unused or ThreadFaultEntry.Deleted)
                free = entry;
            if (entry->ThreadPointer == ThreadFaultEntry.Unused)
                break;
        }
        if (free == null)
            throw new InvalidOperationException($"{ThreadCount} threads are registered already.");
        free->Fault = default;
        free->Depth = 1;
        Volatile.Write(ref free->ThreadPointer, threadPointer);
        return free;
    }

    public void LeaveThread(ThreadFaultEntry* entry)
    {
        if (--entry->Depth == 0)
            Volatile.Write(ref entry->ThreadPointer, ThreadFaultEntry.Deleted);
    }
}
