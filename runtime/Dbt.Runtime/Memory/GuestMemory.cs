using Dbt.Runtime.Faults;
using Dbt.Translator;

namespace Dbt.Runtime.Memory;

/// <summary>
/// The address space of a guest process: a window reserved in the host's address space, in which guest address a lies at
/// <see cref="Base"/> + a, and the list of what is mapped there. Host pages have the guest's permissions, so that
/// translated code accesses them directly and an access that is not allowed faults (see runtime/Dbt.Runtime/Faults);
/// what runs on the guest's behalf uses the Try… methods, which check the list instead and never fault.
/// Safe from any thread: mapping takes a writer's lock, access a reader's. Mistakes of the guest come back as
/// <see cref="MemoryError"/> or false, never as exceptions.
/// </summary>
public sealed unsafe partial class GuestMemory : IGuestCode, IDisposable
{
    /// <summary>Bytes per page, of guest and host alike.</summary>
    public const ulong PageSize = 4096;

    /// <summary>Size of the window when nobody says otherwise: 2^40 bytes.</summary>
    public const ulong DefaultSize = 1UL << 40;

    /// <summary>Bytes before and behind the window that are never accessible: as far as one access reaches that starts in the window.</summary>
    public const ulong GuardSize = 64 << 10;

    /// <summary>Below it nothing is mapped unless the guest insists, so that null pointers fault (Linux's mmap_min_addr).</summary>
    public const ulong LowestAddress = 64 << 10;

    /// <summary>The label of a process's first stack.</summary>
    public const string StackName = "[stack]";

    private const ulong LargestSize = 1UL << 46;

    private readonly ReaderWriterLockSlim _lock = new();
    private readonly MappingList _mappings = new();
    private byte* _reservation;
    private ulong _charged;
    private ulong _searchTop;

    /// <summary>Reserves a window in which nothing is mapped.</summary>
    /// <param name="size">Bytes in the window, a multiple of the page size.</param>
    /// <param name="limit">Bytes of writable memory that the guest may map; a file's shared pages do not count.</param>
    /// <exception cref="PlatformNotSupportedException">The host is no 64-bit Linux with pages of 4 KiB.</exception>
    /// <exception cref="InvalidOperationException">There are too many windows in this process.</exception>
    /// <exception cref="InsufficientMemoryException">The host does not give that much address space.</exception>
    public GuestMemory(ulong size = DefaultSize, ulong limit = ulong.MaxValue)
    {
        if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess || Environment.SystemPageSize != (int)PageSize)
            throw new PlatformNotSupportedException("Guest memory needs a 64-bit Linux host with pages of 4 KiB.");
        if (size % PageSize != 0 || size is < LowestAddress or > LargestSize)
            throw new ArgumentOutOfRangeException(nameof(size), size, $"A window has whole pages, and up to {LargestSize} bytes.");
        Size = size;
        Limit = limit;
        _searchTop = size;
        if (!TryReserveWindow())
            throw new InsufficientMemoryException($"The host refuses to reserve {size >> 20} MiB of address space (errno {(int)HostCalls.LastError}); see ulimit -v.");
        Base = _reservation + GuardSize;
        try
        {
            HostFaults.AddWindow(_reservation, size + 2 * GuardSize);
        }
        catch (InvalidOperationException)
        {
            _ = HostCalls.Unmap(_reservation, (nuint)(size + 2 * GuardSize));
            throw;
        }
    }

    /// <summary>
    /// Raised after the bytes that may be fetched from a range have changed because it was mapped, unmapped, moved or protected:
    /// (start, length). Engines drop their translations of it. Raised on the calling thread, with no lock held, before the operation returns.
    /// </summary>
    public event Action<ulong, ulong>? ExecutableChanged;

    /// <summary>
    /// Raised when the guest may write to memory that it shares, with other processes perhaps: a mapping was made or protected so. As <see cref="ExecutableChanged"/>
    /// otherwise.
    /// </summary>
    public event Action? WritableShared;

    /// <summary>Host address of guest address 0.</summary>
    public byte* Base { get; }

    /// <summary>Bytes in the window: the first guest address that can never be mapped.</summary>
    public ulong Size { get; }

    /// <summary>Bytes of writable memory that may be mapped, shared pages of files not counted.</summary>
    public ulong Limit { get; }

    /// <summary>Bytes that count towards <see cref="Limit"/> now.</summary>
    public ulong Charged => Volatile.Read(ref _charged);

    /// <summary>Where the search for free addresses starts, downwards. Clamped to the window.</summary>
    public ulong SearchTop
    {
        get => Volatile.Read(ref _searchTop);
        set => Volatile.Write(ref _searchTop, Math.Min(value & ~(PageSize - 1), Size));
    }

    /// <summary>A copy of all mappings, by ascending address.</summary>
    public IReadOnlyList<MemoryMapping> Mappings
    {
        get
        {
            _lock.EnterReadLock();
            try
            {
                return _mappings.ToArray();
            }
            finally
            {
                _lock.ExitReadLock();
            }
        }
    }

    /// <summary>The mapping that contains an address, or null.</summary>
    public MemoryMapping? Find(ulong address)
    {
        _lock.EnterReadLock();
        try
        {
            return _mappings.Find(address);
        }
        finally
        {
            _lock.ExitReadLock();
        }
    }

    /// <summary>Whether the range lies in the window and nothing is mapped in it.</summary>
    public bool IsFree(ulong address, ulong length)
    {
        if (!InWindow(address, length))
            return false;
        _lock.EnterReadLock();
        try
        {
            return _mappings.IsFree(address, address + length);
        }
        finally
        {
            _lock.ExitReadLock();
        }
    }

    /// <summary>Whether the whole range is mapped and allows the access. An empty range always does.</summary>
    public bool IsAccessible(ulong address, ulong length, Isa.AccessKind access)
    {
        _lock.EnterReadLock();
        try
        {
            return Allows(address, length, access);
        }
        finally
        {
            _lock.ExitReadLock();
        }
    }

    /// <summary>Maps zeroed memory.</summary>
    /// <param name="address">Where, or a hint (0 for none) when the flags do not fix it.</param>
    /// <param name="length">Bytes; rounded up to whole pages.</param>
    /// <param name="protection">What the guest may do with it.</param>
    /// <param name="flags">How to choose the place, and whether forked children share it.</param>
    /// <param name="start">Where it was mapped; 0 after an error.</param>
    /// <param name="name">A label for the list of mappings, e.g. <see cref="StackName"/>.</param>
    /// <returns>None, InvalidArgument, NoMemory or Exists.</returns>
    public MemoryError Map(ulong address, ulong length, MemoryProtection protection, MapFlags flags, out ulong start, string? name = null) =>
        MapPages(address, length, protection, flags, file: -1, offset: 0, name, out start);

    /// <summary>Maps part of a file. Accesses to pages behind its end fault, as on the host.</summary>
    /// <param name="address">Where, or a hint (0 for none) when the flags do not fix it.</param>
    /// <param name="length">Bytes; rounded up to whole pages.</param>
    /// <param name="protection">What the guest may do with it.</param>
    /// <param name="flags">How to choose the place, and whether stores go to the file.</param>
    /// <param name="file">The host's descriptor of an open file; not needed after the call.</param>
    /// <param name="offset">First byte in the file; a multiple of the page size.</param>
    /// <param name="name">The file's path, for the list of mappings.</param>
    /// <param name="start">Where it was mapped; 0 after an error.</param>
    /// <returns>None, InvalidArgument, NoMemory, Exists, or the host's error.</returns>
    public MemoryError MapFile(
        ulong address, ulong length, MemoryProtection protection, MapFlags flags, int file, ulong offset, string? name, out ulong start)
    {
        start = 0;
        if (file < 0)
            return MemoryError.BadFile;
        if (offset % PageSize != 0 || offset > long.MaxValue || length > (ulong)long.MaxValue - offset)
            return MemoryError.InvalidArgument;
        return MapPages(address, length, protection, flags, file, offset, name, out start);
    }

    /// <summary>Unmaps whatever is mapped in a range.</summary>
    /// <returns>None or InvalidArgument.</returns>
    public MemoryError Unmap(ulong address, ulong length)
    {
        if (address % PageSize != 0 || length == 0 || !TryRoundUp(ref length) || !InWindow(address, length))
            return MemoryError.InvalidArgument;
        bool executable;
        _lock.EnterWriteLock();
        try
        {
            var replaced = Survey(address, address + length);
            if (replaced.Mapped == 0)
                return MemoryError.None;
            if (!Reserve(address, length))
                return HostCalls.LastError;
            _mappings.Remove(address, address + length);
            _charged -= replaced.Charge;
            executable = replaced.Executable;
        }
        finally
        {
            _lock.ExitWriteLock();
        }
        if (executable)
            ExecutableChanged?.Invoke(address, length);
        return MemoryError.None;
    }

    /// <summary>Changes what the guest may do with a range, all of which must be mapped.</summary>
    /// <returns>None, InvalidArgument, NoMemory, or AccessDenied when a shared file was not opened for it.</returns>
    public MemoryError Protect(ulong address, ulong length, MemoryProtection protection)
    {
        if (address % PageSize != 0 || !IsValid(protection))
            return MemoryError.InvalidArgument;
        if (length == 0)
            return MemoryError.None;
        if (!TryRoundUp(ref length) || !InWindow(address, length))
            return MemoryError.NoMemory;
        bool executable;
        var writableShared = false;
        _lock.EnterWriteLock();
        try
        {
            var end = address + length;
            var before = Survey(address, end);
            var slices = _mappings.Slices(address, end);
            var charge = 0UL;
            for (var i = 0; i < slices.Count; i++)
            {
                slices[i] = slices[i] with { Protection = protection };
                charge += slices[i].Charge;
                writableShared |= slices[i].IsShared && protection.HasFlag(MemoryProtection.Write);
            }
            if (before.Mapped != length || ExceedsLimit(charge, before.Charge))
                return MemoryError.NoMemory;
            if (HostCalls.Protect(Base + address, (nuint)length, HostProtection(protection)) != 0)
            {
                // The host may have come half way: put back what the list says.
                var error = HostCalls.LastError;
                foreach (var slice in _mappings.Slices(address, end))
                    _ = HostCalls.Protect(Base + slice.Start, (nuint)slice.Length, HostProtection(slice.Protection));
                return error;
            }
            _mappings.Remove(address, end);
            foreach (var slice in slices)
                _mappings.Add(slice);
            _charged += charge - before.Charge;
            executable = before.Executable || protection.HasFlag(MemoryProtection.Execute);
        }
        finally
        {
            _lock.ExitWriteLock();
        }
        if (writableShared)
            WritableShared?.Invoke();
        if (executable)
            ExecutableChanged?.Invoke(address, length);
        return MemoryError.None;
    }

    /// <summary>
    /// Forgets the contents of the mapped pages in a range: plain memory reads as zero again, a file's private pages as the file.
    /// </summary>
    /// <returns>None, InvalidArgument, or NoMemory when part of the range is not mapped (the rest is done).</returns>
    public MemoryError Discard(ulong address, ulong length)
    {
        if (address % PageSize != 0 || !TryRoundUp(ref length))
            return MemoryError.InvalidArgument;
        if (!InWindow(address, length))
            return MemoryError.NoMemory;
        Extent extent;
        // Contents may change under readers, as they do by any store; the list must not change under the host call.
        _lock.EnterReadLock();
        try
        {
            extent = Survey(address, address + length);
            foreach (var slice in _mappings.Slices(address, address + length))
                if (HostCalls.Advise(Base + slice.Start, (nuint)slice.Length, HostCalls.AdviseDontNeed) != 0)
                    return HostCalls.LastError;
        }
        finally
        {
            _lock.ExitReadLock();
        }
        if (extent.Executable)
            ExecutableChanged?.Invoke(address, length);
        return extent.Mapped == length ? MemoryError.None : MemoryError.NoMemory;
    }

    /// <summary>Gives the window back to the host. No thread may be using it.</summary>
    public void Dispose()
    {
        if (_reservation == null)
            return;
        HostFaults.RemoveWindow(_reservation);
        _ = HostCalls.Unmap(_reservation, (nuint)(Size + 2 * GuardSize));
        _reservation = null;
        _mappings.Remove(0, Size);
        _lock.Dispose();
    }

    private MemoryError MapPages(
        ulong address, ulong length, MemoryProtection protection, MapFlags flags, int file, ulong offset, string? name, out ulong start)
    {
        start = 0;
        if (length == 0 || !IsValid(protection))
            return MemoryError.InvalidArgument;
        if (!TryRoundUp(ref length) || length > Size)
            return MemoryError.NoMemory;
        bool executable;
        _lock.EnterWriteLock();
        try
        {
            var error = Place(address, length, flags, file < 0 && !flags.HasFlag(MapFlags.Shared), out var place);
            if (error != MemoryError.None)
                return error;
            var mapping = new MemoryMapping(place, place + length, protection, flags.HasFlag(MapFlags.Shared), file >= 0, offset, name);
            var replaced = Survey(place, place + length);
            if (ExceedsLimit(mapping.Charge, replaced.Charge))
                return MemoryError.NoMemory;
            if (!MapHost(mapping, file))
                return HostCalls.LastError;
            _mappings.Remove(place, place + length);
            _mappings.Add(mapping);
            PreferHugePages(mapping);
            _charged += mapping.Charge - replaced.Charge;
            executable = replaced.Executable || protection.HasFlag(MemoryProtection.Execute);
            start = place;
        }
        finally
        {
            _lock.ExitWriteLock();
        }
        if (flags.HasFlag(MapFlags.Shared) && protection.HasFlag(MemoryProtection.Write))
            WritableShared?.Invoke();
        if (executable)
            ExecutableChanged?.Invoke(start, length);
        return MemoryError.None;
    }

    private MemoryError Place(ulong address, ulong length, MapFlags flags, bool isPlain, out ulong place)
    {
        place = address;
        if ((flags & (MapFlags.Fixed | MapFlags.FixedNoReplace)) != 0)
        {
            if (address % PageSize != 0)
                return MemoryError.InvalidArgument;
            if (!InWindow(address, length))
                return MemoryError.NoMemory;
            return flags.HasFlag(MapFlags.FixedNoReplace) && !_mappings.IsFree(address, address + length) ? MemoryError.Exists : MemoryError.None;
        }
        if (TryRoundUp(ref place) && place >= LowestAddress && InWindow(place, length) && _mappings.IsFree(place, place + length))
            return MemoryError.None;
        if (isPlain && length >= LargeMemory && TryFindHuge(length, SearchTop, out place))
            return MemoryError.None;
        return _mappings.TryFindFree(length, LowestAddress, SearchTop, out place) || _mappings.TryFindFree(length, LowestAddress, Size, out place)
            ? MemoryError.None
            : MemoryError.NoMemory;
    }

    private bool MapHost(MemoryMapping mapping, int file)
    {
        var place = Base + mapping.Start;
        var kind = (mapping.IsShared ? HostCalls.MapShared : HostCalls.MapPrivate) | HostCalls.MapFixed;
        return (file < 0
            ? MapAnonymous(place, mapping.Length, HostProtection(mapping.Protection), kind)
            : HostCalls.Map(place, (nuint)mapping.Length, HostProtection(mapping.Protection), kind | HostCalls.MapNoReserve, file, (long)mapping.Offset)) == place;
    }

    // Reserves the window and its guards such that the window begins with a huge page.
    private bool TryReserveWindow()
    {
        var wanted = Size + 2 * GuardSize;
        var room = MapAnonymous(null, wanted + HugePageSize, HostCalls.ProtNone, HostCalls.MapPrivate);
        if (room == HostCalls.Failed)
            return false;
        _reservation = (byte*)RoundUpToHuge((ulong)room + GuardSize) - GuardSize;
        var before = (nuint)(_reservation - room);
        _ = HostCalls.Unmap(room, before);
        _ = HostCalls.Unmap(_reservation + wanted, (nuint)HugePageSize - before);
        return true;
    }

    // Makes a range of the window inaccessible and lets the host forget its contents, without ever leaving a hole for others to map.
    private bool Reserve(ulong address, ulong length) =>
        MapAnonymous(Base + address, length, HostCalls.ProtNone, HostCalls.MapPrivate | HostCalls.MapFixed) == Base + address;

    private static byte* MapAnonymous(byte* place, ulong length, int protection, int kind) =>
        HostCalls.Map(place, (nuint)length, protection, kind | HostCalls.MapAnonymous | HostCalls.MapNoReserve, -1, 0);

    private static int HostProtection(MemoryProtection protection) =>
        protection == MemoryProtection.None ? HostCalls.ProtNone
        : protection.HasFlag(MemoryProtection.Write) ? HostCalls.ProtRead | HostCalls.ProtWrite
        : HostCalls.ProtRead;

    private Extent Survey(ulong start, ulong end)
    {
        var extent = default(Extent);
        foreach (var slice in _mappings.Slices(start, end))
            extent = new Extent(
                extent.Mapped + slice.Length,
                extent.Charge + slice.Charge,
                extent.Executable || slice.Protection.HasFlag(MemoryProtection.Execute));
        return extent;
    }

    private bool ExceedsLimit(ulong added, ulong removed) => added > removed && added - removed > Limit - Math.Min(_charged, Limit);

    private bool InWindow(ulong address, ulong length) => address <= Size && length <= Size - address;

    private static bool IsValid(MemoryProtection protection) => (protection & ~MemoryProtection.All) == 0;

    private static bool TryRoundUp(ref ulong value)
    {
        if (value > ulong.MaxValue - (PageSize - 1))
            return false;
        value = (value + PageSize - 1) & ~(PageSize - 1);
        return true;
    }

    // What is mapped in a range: bytes, bytes that count towards the limit, and whether any of it can be executed.
    private readonly record struct Extent(ulong Mapped, ulong Charge, bool Executable);
}
