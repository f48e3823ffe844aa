using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Dbt.Runtime.Machine.Timers;

/// <summary>Waits for a time or for being woken, to a few microseconds; the waits of .NET count milliseconds.</summary>
internal sealed unsafe partial class HostWait : IDisposable
{
    private const int CloseOnExec = 0x80000, NonBlocking = 0x800;
    private const short PollIn = 1;

    private readonly SafeFileHandle _event;

    public HostWait()
    {
        var descriptor = CreateEvent(0, CloseOnExec | NonBlocking);
        if (descriptor < 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        _event = new SafeFileHandle(descriptor, ownsHandle: true);
    }

    /// <summary>The descriptor that becomes readable when <see cref="Wake"/> is called.</summary>
    public int Descriptor => (int)_event.DangerousGetHandle();

    /// <summary>Returns after the time, or when woken, before or during the wait.</summary>
    /// <param name="nanoseconds">A negative number: only when woken.</param>
    public void Wait(long nanoseconds)
    {
        var poll = new PollEntry { Descriptor = Descriptor, Events = PollIn };
        var time = new Time { Seconds = nanoseconds / 1_000_000_000, Nanoseconds = nanoseconds % 1_000_000_000 };
        if (Poll(&poll, 1, nanoseconds < 0 ? null : &time, null) > 0)
            Clear();
    }

    /// <summary>Forgets that it was woken.</summary>
    public void Clear()
    {
        ulong count;
        _ = Read(Descriptor, &count, sizeof(ulong));
    }

    /// <summary>Ends the wait, or the next one.</summary>
    public void Wake()
    {
        var one = 1UL;
        if (!_event.IsClosed)
            _ = Write(Descriptor, &one, sizeof(ulong));
    }

    public void Dispose() => _event.Dispose();

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    private static partial int CreateEvent(uint initial, int flags);

    [LibraryImport("libc", EntryPoint = "ppoll")]
    private static partial int Poll(PollEntry* entries, nuint count, Time* timeout, void* signals);

    [LibraryImport("libc", EntryPoint = "read")]
    private static partial nint Read(int descriptor, void* buffer, nuint length);

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint Write(int descriptor, void* buffer, nuint length);

    private struct Time
    {
        public long Seconds, Nanoseconds;
    }

    private struct PollEntry
    {
        public int Descriptor;
        public short Events, Returned;
    }
}
