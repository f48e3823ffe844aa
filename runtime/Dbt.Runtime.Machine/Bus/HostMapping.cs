using System.Runtime.InteropServices;

namespace Dbt.Runtime.Machine.Bus;

/// <summary>Zeroed pages of the host, which it gives only as they are touched.</summary>
internal sealed unsafe partial class HostMapping : IDisposable
{
    private const int ProtRead = 1, ProtWrite = 2;
    private const int MapPrivate = 0x02, MapAnonymous = 0x20, MapNoReserve = 0x4000;

    private readonly nuint _length;

    /// <summary>Maps so many bytes.</summary>
    /// <exception cref="InsufficientMemoryException">The host has no room for them.</exception>
    public HostMapping(nuint length)
    {
        _length = length;
        Start = Map(null, length, ProtRead | ProtWrite, MapPrivate | MapAnonymous | MapNoReserve, -1, 0);
        if (Start == (byte*)-1)
            throw new InsufficientMemoryException($"The host has no room for {length} bytes (error {Marshal.GetLastPInvokeError()}).");
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
        if (Start != null && Start != (byte*)-1)
            _ = Unmap(Start, _length);
        Start = null;
    }

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial byte* Map(byte* address, nuint length, int protection, int flags, int file, long offset);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    private static partial int Unmap(byte* address, nuint length);
}
