using Dbt.Isa;

namespace Dbt.Runtime.Faults;

/// <summary>
/// Turns accesses to guest memory that the host's MMU refuses into exceptions that C# can catch, at no cost to accesses that succeed.
/// A handler in front of the runtime's own one looks whether the address lies in a guest's window and the thread is registered;
/// if so it leaves word in the thread's <see cref="HostFault"/> and lets the runtime believe that address 0 was accessed, so that a
/// <see cref="NullReferenceException"/> is raised at that very instruction:
/// <code>
/// using var scope = HostFaults.RegisterCurrentThread(hart.State);
/// try { engine.Run(hart, budget); }
/// catch (NullReferenceException) when (hart.State->HostFault->Signal != 0) { … }
/// </code>
/// Only managed code (compiled from IL, DynamicMethods included) may fault so; emitted machine code goes on at its recovery stub instead
/// (<see cref="HostCodeRanges"/>); a fault in a native library still ends the process.
/// An exception raised this way resets the floating-point control register (MXCSR) to 0x1F80.
/// See runtime/notes/0001-host-faults.md. All members are safe from any thread.
/// </summary>
public static unsafe class HostFaults
{
    private static readonly Lock s_lock = new();
    private static readonly FaultTables s_tables = new();
    private static bool s_installed;

    [ThreadStatic]
    private static HostFault* t_current;

    [ThreadStatic]
    private static ThreadRegistration? t_registration;

    /// <summary>The cell of the current thread; null when it is not registered.</summary>
    internal static HostFault* Current => t_current;

    /// <summary>How many guest windows there can be in a process.</summary>
    public static int MostWindows => FaultTables.WindowCount;

    /// <summary>The registration that <see cref="KeepCurrentThread"/> made of the current thread; null when it made none.</summary>
    internal static ThreadRegistration? Registration => t_registration;

    /// <summary>Faults in [start, start + length) belong to a guest from now on.</summary>
    /// <exception cref="InvalidOperationException">There are too many windows already (<see cref="FaultTables.WindowCount"/>).</exception>
    public static void AddWindow(byte* start, ulong length)
    {
        lock (s_lock)
            s_tables.AddWindow((ulong)start, length);
    }

    /// <summary>Faults in the window that starts there no longer belong to a guest.</summary>
    public static void RemoveWindow(byte* start)
    {
        lock (s_lock)
            s_tables.RemoveWindow((ulong)start);
    }

    /// <summary>
    /// Lets faults of the current thread be caught until the scope is disposed, on the same thread. May be nested.
    /// The first call installs the handler.
    /// </summary>
    /// <param name="state">A hart that this thread is going to run: its <see cref="HartHeader.HostFault"/> is set meanwhile.</param>
    /// <exception cref="PlatformNotSupportedException">The host is not x86-64 Linux.</exception>
    /// <exception cref="InvalidOperationException">Too many threads are registered (<see cref="FaultTables.ThreadCount"/>).</exception>
    public static ThreadFaultScope RegisterCurrentThread(HartHeader* state = null)
    {
        lock (s_lock)
        {
            if (!s_installed)
                FaultHandler.Install(s_tables);
            s_installed = true;
            var entry = s_tables.EnterThread(HostSignals.ThreadPointer());
            t_current = &entry->Fault;
            return new ThreadFaultScope(entry, state);
        }
    }

    /// <summary>Registers the current thread until it ends: for whoever enters guests so often that registering each time would cost more than the guest.</summary>
    /// <exception cref="PlatformNotSupportedException">The host is not x86-64 Linux.</exception>
    /// <exception cref="InvalidOperationException">Too many threads are registered (<see cref="FaultTables.ThreadCount"/>).</exception>
    internal static ThreadRegistration KeepCurrentThread() => t_registration ??= new ThreadRegistration(RegisterCurrentThread().Entry);

    internal static void LeaveThread(ThreadFaultEntry* entry)
    {
        lock (s_lock)
        {
            s_tables.LeaveThread(entry);
            if (entry->Depth == 0)
                t_current = null;
        }
    }

    // By a thread that is not the entry's, which has ended. Another one may have come to be at its place, and have entered again.
    internal static void ForgetThread(ThreadFaultEntry* entry)
    {
        lock (s_lock)
            s_tables.LeaveThread(entry);
    }
}
