using System.Runtime.InteropServices;

namespace Dbt.Runtime.Machine.Bus;

/// <summary>Zeroed pages of the host, which it gives only as they are touched, between pages that nobody may touch.</summary>
internal sealed unsafe partial class HostMapping : IDisposable
{
    private const int ProtRead = 1, ProtWrite = 2;
    private const int MapPrivate = 0x02, MapAnonymous = 0x20, MapNoReserve = 0x4000;

    // Whoever runs over an end faults, and does not hit something else.
    private const nuint GuardLength = 1 << 16;

    private readonly nuint _length;
    private byte* _mapping;

    /// <summary>Maps so many bytes.</summary>
    /// <exception cref="InsufficientMemoryException">The host has no room for them.</exception>
    public HostMapping(nuint length)
    {
        _length = length;
        _mapping = Map(null, length + 2 * GuardLength, 0, MapPrivate | MapAnonymous | MapNoReserve, -1, 0);
        if (_mapping == (byte*)-1 || Protect(_mapping + GuardLength, length, ProtRead | ProtWrite) != 0)
            throw new InsufficientMemoryException($"The host has no room for {length} bytes (error {Marshal.GetLastPInvokeError()}).");
        Start = _mapping + GuardLength;
    }

    ~HostMapping() => Free();

    /// <summary>The first byte; null after <see cref="Dispose"/>.</summary>
    public byte* Start { get; private set; }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (_mapping != null && _mapping != (byte*)-1)
            _ = Unmap(_mapping, _length + 2 * GuardLength);
        _mapping = Start = null;
    }

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial byte* Map(byte* address, nuint length, int protection, int flags, int file, long offset);

    [LibraryImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    private static partial int Protect(byte* address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    private static partial int Unmap(byte* address, nuint length);
}
