using Dbt.Runtime.Linux.Host;
using Dbt.Runtime.Linux.Syscalls;

namespace Dbt.Runtime.Linux.FileSystem;

/// <summary>
/// The guest's file descriptors, each with the host descriptor behind it. The guest names only what is in the table, so
/// it can neither use nor close the descriptors that .NET keeps for itself; and it gets the lowest free number, as Linux
/// promises, whatever the host's numbers are. Host descriptors are always close-on-exec; the guest's flag is kept here.
/// Safe from any thread.
/// </summary>
internal sealed class FileTable : IDisposable
{
    private const int Free = -1, StandardError = 2;

    // F_DUPFD_CLOEXEC
    private const int DuplicateCloseOnExec = 1030;

    private readonly Lock _lock = new();
    private Slot[] _slots = NewSlots(16);

    /// <summary>Descriptors that the guest may have: RLIMIT_NOFILE, which it may change.</summary>
    public int Limit { get; set; } = 1024;

    /// <summary>A table with the guest's first descriptors: from 0 on, one for each of these of the host.</summary>
    /// <param name="hosts">Descriptors of this process. Its own standard ones are used as they are, of others the guest gets duplicates.</param>
    public static FileTable Inherit(IReadOnlyList<int> hosts)
    {
        var files = new FileTable();
        for (var i = 0; i < hosts.Count; i++)
        {
            var host = hosts[i] <= StandardError ? hosts[i] : HostKernel.Call(SyscallNumber.fcntl, hosts[i], DuplicateCloseOnExec, StandardError + 1);
            if (host >= 0)
                files._slots[i] = new Slot((int)host, CloseOnExec: false);
        }
        return files;
    }

    /// <summary>The host's descriptor behind one of the guest's, or -1.</summary>
    public int Host(int guest)
    {
        // Slots are small and replaced as a whole, arrays only grow: reading needs no lock.
        var slots = Volatile.Read(ref _slots);
        return (uint)guest < (uint)slots.Length ? slots[guest].Host : Free;
    }

    /// <summary>Whether the guest wants a descriptor closed by execve; false for one that is not open.</summary>
    public bool IsCloseOnExec(int guest) => Host(guest) >= 0 && _slots[guest].CloseOnExec;

    /// <summary>Changes whether execve closes a descriptor.</summary>
    public bool SetCloseOnExec(int guest, bool value)
    {
        lock (_lock)
        {
            if (Host(guest) < 0)
                return false;
            _slots[guest] = _slots[guest] with { CloseOnExec = value };
            return true;
        }
    }

    /// <summary>The guest's open descriptors in ascending order.</summary>
    public IReadOnlyList<int> Open()
    {
        var open = new List<int>();
        lock (_lock)
        {
            for (var i = 0; i < _slots.Length; i++)
                if (_slots[i].Host != Free)
                    open.Add(i);
        }
        return open;
    }

    /// <summary>
    /// Gives a host descriptor, or the host's error, to the guest under the lowest free number from <paramref name="lowest"/> on.
    /// Returns the guest's number or the negative error; the host descriptor is closed when there is no number left (EMFILE).
    /// </summary>
    public long Add(long host, bool closeOnExec, int lowest = 0)
    {
        if (host < 0)
            return host;
        lock (_lock)
        {
            for (var i = lowest; i < Limit; i++)
            {
                if (i >= _slots.Length)
                    Grow(i + 1);
                if (_slots[i].Host != Free)
                    continue;
                _slots[i] = new Slot((int)host, closeOnExec);
                return i;
            }
        }
        _ = HostKernel.Close((int)host);
        return -Errno.EMFILE;
    }

    /// <summary>dup, dup2, dup3 and F_DUPFD: a second descriptor of the same open file.</summary>
    /// <param name="guest">What to duplicate.</param>
    /// <param name="closeOnExec">The flag of the new descriptor.</param>
    /// <param name="target">The number to use, whose file is closed; or -1 for the lowest free one.</param>
    /// <param name="lowest">Where the search for a free number starts.</param>
    public long Duplicate(int guest, bool closeOnExec, int target = -1, int lowest = 0)
    {
        var host = Host(guest);
        if (host < 0 || target >= Limit)
            return -Errno.EBADF;
        // Numbers below 3 stay out of reach on the host: the runtime's own messages go there.
        var copy = HostKernel.Call(SyscallNumber.fcntl, host, DuplicateCloseOnExec, StandardError + 1);
        if (copy < 0 || target < 0)
            return Add(copy, closeOnExec, lowest);
        int replaced;
        lock (_lock)
        {
            if (target >= _slots.Length)
                Grow(target + 1);
            replaced = _slots[target].Host;
            _slots[target] = new Slot((int)copy, closeOnExec);
        }
        if (replaced >= 0)
            _ = CloseHost(replaced);
        return target;
    }

    /// <summary>Closes a descriptor of the guest.</summary>
    public long Close(int guest)
    {
        int host;
        lock (_lock)
        {
            host = Host(guest);
            if (host < 0)
                return -Errno.EBADF;
            _slots[guest] = new Slot(Free, CloseOnExec: false);
        }
        return CloseHost(host);
    }

    /// <summary>Closes what the guest has left open, but for this process's own standard files.</summary>
    public void Dispose()
    {
        foreach (var guest in Open())
            if (Host(guest) > StandardError)
                _ = Close(guest);
    }

    // The host's 0 to 2 must stay taken, or the next file to be opened would become the runtime's own standard output.
    // So /dev/null takes their place, and whoever reads the other end of a pipe still sees its end. Only standard error
    // stays: messages about the guest go there after the guest has closed its own.
    private static long CloseHost(int host)
    {
        if (host > StandardError)
            return HostKernel.Close(host);
        if (host == StandardError)
            return 0;
        var nothing = HostKernel.Open(OpenFlags.CurrentDirectory, "/dev/null\0"u8, OpenFlags.ReadWrite);
        if (nothing < 0)
            return 0;
        var result = HostKernel.Call(SyscallNumber.dup3, nothing, host, 0);
        _ = HostKernel.Close((int)nothing);
        return Math.Min(result, 0);
    }

    private void Grow(int atLeast)
    {
        var larger = NewSlots(Math.Max(atLeast, _slots.Length * 2));
        _slots.CopyTo(larger, 0);
        Volatile.Write(ref _slots, larger);
    }

    private static Slot[] NewSlots(int count)
    {
        var slots = new Slot[count];
        for (var i = 0; i < count; i++)
            slots[i] = new Slot(Free, CloseOnExec: false);
        return slots;
    }

    private readonly record struct Slot(int Host, bool CloseOnExec);
}
