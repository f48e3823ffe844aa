using System.Runtime.InteropServices;

namespace Dbt.Translator.HostCode;

/// <summary>
/// Owns host memory that emitted code is executed from: one reserved region between guard pages, handed out from its start to its
/// end and reused from a position on. Pages take host memory from when they are first written until they are given back.
/// Addresses come in two kinds, as they are written and as they are executed; the latter are the former plus <see cref="ExecuteDelta"/>.
/// Taking and giving back space is not thread-safe: its user has a lock. See translator/notes/0002-host-code.md.
/// </summary>
internal sealed unsafe class ExecutableMemory : IDisposable
{
    /// <summary>Granularity of what is handed out, for the host's sake: starts of cache lines.</summary>
    public const int Alignment = 64;

    /// <summary>Inaccessible bytes on either side.</summary>
    public const int GuardBytes = 64 << 10;

    // Pages are provided so many at once.
    private const int PopulatedBytes = 64 << 10;

    private const int PageBytes = HostMemory.PageBytes;

    private readonly byte* _writable;
    private readonly byte* _executable;
    private readonly int _file = -1;
    private int _used;
    private int _populated;
    private bool _disposed;

    /// <summary>Reserves a region.</summary>
    /// <param name="bytes">Its size: a multiple of 4096, at most 1 GiB, so that jumps reach from one end to the other.</param>
    /// <param name="mapping">Whether a mapping that is writable and executable at once may be used.</param>
    /// <exception cref="PlatformNotSupportedException">The host gives no executable memory.</exception>
    public ExecutableMemory(int bytes, CodeMapping mapping = CodeMapping.Automatic)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(bytes % PageBytes, 0, nameof(bytes));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, 1 << 30);
        if (!HostFeatures.IsX64Linux)
            throw new PlatformNotSupportedException($"Emitted code is for x86-64 Linux, and this is {RuntimeInformation.RuntimeIdentifier}.");
        Bytes = bytes;
        _writable = _executable = Reserve();
        if (mapping == CodeMapping.Automatic && TryMap(
                _writable, HostMemory.ProtRead | HostMemory.ProtWrite | HostMemory.ProtExecute,
                HostMemory.MapPrivate | HostMemory.MapAnonymous | HostMemory.MapNoReserve, -1))
            return;
        _writable = Reserve();
        _file = HostMemory.CreateMemoryFile("dbt-code", HostMemory.CloseOnExec);
        if (_file >= 0 && HostMemory.SetFileLength(_file, bytes) == 0
            && TryMap(_writable, HostMemory.ProtRead | HostMemory.ProtWrite, HostMemory.MapShared, _file)
            && TryMap(_executable, HostMemory.ProtRead | HostMemory.ProtExecute, HostMemory.MapShared, _file))
            return;
        var error = Marshal.GetLastPInvokeError();
        Dispose();
        throw new PlatformNotSupportedException($"The host gives no executable memory (errno {error}).");
    }

    /// <summary>Frees the region if its owner did not.</summary>
    ~ExecutableMemory() => Unmap();

    /// <summary>Size of the region.</summary>
    public int Bytes { get; }

    /// <summary>How many bytes are handed out; also the position of the next ones.</summary>
    public int UsedBytes => _used;

    /// <summary>Whether writing needs another address than executing.</summary>
    public bool HasTwoViews => _writable != _executable;

    /// <summary>What to add to an address as it is written to get the address as it is executed; 0 with a single view.</summary>
    public nint ExecuteDelta => (nint)(_executable - _writable);

    /// <summary>First byte, as it is written.</summary>
    public byte* Start => _writable;

    /// <summary>First byte, as it is executed.</summary>
    public byte* ExecuteStart => _executable;

    /// <summary>Whether an address, as it is executed, lies in the region.</summary>
    public bool Contains(void* address) => (nuint)((byte*)address - _executable) < (nuint)Bytes;

    /// <summary>
    /// The space that is left, for an assembler to write to; <see cref="Commit"/> keeps what it has used. False when less than
    /// <paramref name="atLeast"/> bytes are left.
    /// </summary>
    public bool TryBegin(int atLeast, out byte* start, out byte* end)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        start = _writable + _used;
        end = _writable + Bytes;
        if (_used + PageBytes > _populated)
            Populate();
        return end - start >= atLeast;
    }

    /// <summary>Keeps the bytes from the last start to <paramref name="end"/>; what comes next begins behind them, aligned.</summary>
    public void Commit(byte* end)
    {
        var used = end - _writable;
        ArgumentOutOfRangeException.ThrowIfLessThan(used, _used, nameof(end));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(used, Bytes, nameof(end));
        _used = (int)Math.Min(used + Alignment - 1 & -Alignment, Bytes);
    }

    /// <summary>
    /// Gives back everything behind a position, 0 for all of it, and its pages to the host. Nobody may be executing there, nor get there again.
    /// </summary>
    /// <param name="position">A value that <see cref="UsedBytes"/> had.</param>
    public void Reset(int position = 0)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(position, _used);
        var start = position + PageBytes - 1 & -PageBytes;
        var length = (_used + PageBytes - 1 & -PageBytes) - start;
        if (length > 0)
        {
            if (HasTwoViews)
                _ = HostMemory.ChangeFile(_file, HostMemory.FallocatePunchHole | HostMemory.FallocateKeepSize, start, length);
            else
                _ = HostMemory.Advise(_writable + start, (nuint)length, HostMemory.AdviseDontNeed);
        }
        // What is left of the last page traps when somebody gets there in spite of all; given back pages are zero.
        new Span<byte>(_writable + position, Math.Min(start, _used) - Math.Min(position, _used)).Fill(0xCC);
        _used = position;
        _populated = Math.Min(_populated, start);
    }

    /// <summary>
    /// Replaces eight bytes of code that other threads may be executing, by one store, so that each of them executes either the old
    /// or the new instruction. What the caller keeps: the eight bytes are aligned; exactly one instruction in them changes, it begins
    /// and ends in them, and nobody is or jumps between its bytes (so one instruction cannot become several); and nothing goes wrong
    /// when others see the old one for a while. AMD (APM vol. 2, 7.6.1) allows that without more. Intel (SDM vol. 3, "Handling
    /// Self- and Cross-Modifying Code") promises it only if the others execute a serializing instruction before they get there;
    /// that they fetch aligned eight bytes at once is what the patching of all JITs rests on. Who needs all others to have seen the
    /// new code has them return from the kernel, or execute cpuid.
    /// </summary>
    /// <param name="address">As it is written; a multiple of 8.</param>
    /// <param name="code">The new bytes, lowest first.</param>
    /// <exception cref="ArgumentException">The address is not aligned, or not in the region.</exception>
    public void PatchAligned8(byte* address, ulong code)
    {
        if (((nuint)address & 7) != 0 || (nuint)(address - _writable) >= (nuint)Bytes)
            ThrowBadPatch();
        Volatile.Write(ref *(ulong*)address, code);
    }

    /// <summary>Frees the region. Nobody may be executing there.</summary>
    public void Dispose()
    {
        Unmap();
        GC.SuppressFinalize(this);
    }

    private static void ThrowBadPatch() => throw new ArgumentException("A patch is eight aligned bytes of the region.", "address");

    private byte* Reserve()
    {
        var address = HostMemory.Map(
            null, (nuint)Bytes + 2 * GuardBytes, HostMemory.ProtNone,
            HostMemory.MapPrivate | HostMemory.MapAnonymous | HostMemory.MapNoReserve, -1, 0);
        if (address == HostMemory.Failed)
            throw new PlatformNotSupportedException($"The host gives no address space for code (errno {Marshal.GetLastPInvokeError()}).");
        return address + GuardBytes;
    }

    private void Populate()
    {
        var end = Math.Min((_used & -PageBytes) + PopulatedBytes, Bytes);
        HostMemory.Populate(_writable + Math.Max(_populated, _used & -PageBytes), _writable + end);
        _populated = end;
    }

    private bool TryMap(byte* address, int protection, int flags, int file) =>
        HostMemory.Map(address, (nuint)Bytes, protection, flags | HostMemory.MapFixed, file, 0) == address;

    private void Unmap()
    {
        if (_disposed || _executable == null)
            return;
        _disposed = true;
        var length = (nuint)Bytes + 2 * GuardBytes;
        _ = HostMemory.Unmap(_executable - GuardBytes, length);
        if (HasTwoViews)
            _ = HostMemory.Unmap(_writable - GuardBytes, length);
        if (_file >= 0)
            _ = HostMemory.Close(_file);
    }
}
