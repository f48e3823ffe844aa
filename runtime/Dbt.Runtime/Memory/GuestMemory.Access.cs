using Dbt.Isa;
using Dbt.Runtime.Faults;

namespace Dbt.Runtime.Memory;

// Access on the guest's behalf, by code that must not fault. Permissions are checked in the list of mappings while the
// reader's lock keeps it as it is. Pages of a file can fail in spite of their permissions (behind the file's end, on an
// I/O error): those are copied so that a SIGBUS can be caught, or by the host kernel on threads that cannot catch one.
public sealed unsafe partial class GuestMemory
{
    /// <inheritdoc/>
    public bool MayChange(ulong address)
    {
        _lock.EnterReadLock();
        try
        {
            // Shared pages may be writable elsewhere.
            return _mappings.Find(address) is { } mapping && (mapping.IsShared || mapping.Allows(AccessKind.Write));
        }
        finally
        {
            _lock.ExitReadLock();
        }
    }

    /// <inheritdoc/>
    public int Fetch(ulong address, Span<byte> destination)
    {
        _lock.EnterReadLock();
        try
        {
            var copied = 0;
            while (copied < destination.Length)
            {
                var mapping = _mappings.Find(address);
                if (mapping is null || !mapping.Allows(AccessKind.Execute))
                    break;
                // Page by page, since a file may end within its mapping.
                var length = (int)Math.Min(PageSize - address % PageSize, (ulong)(destination.Length - copied));
                fixed (byte* host = destination.Slice(copied, length))
                    if (!Copy(mapping, address, host, (ulong)length, AccessKind.Execute))
                        break;
                copied += length;
                address += (ulong)length;
            }
            return copied;
        }
        finally
        {
            _lock.ExitReadLock();
        }
    }

    /// <summary>Copies guest memory out. False, with undefined contents of the destination, when the guest may not read all of it.</summary>
    public bool TryRead(ulong address, Span<byte> destination)
    {
        fixed (byte* host = destination)
            return TryCopy(address, host, (ulong)destination.Length, AccessKind.Read);
    }

    /// <summary>
    /// Copies into guest memory. False when the guest may not write all of it: nothing is written then, except that of a
    /// file which has lost its end, the part before is.
    /// </summary>
    public bool TryWrite(ulong address, ReadOnlySpan<byte> source)
    {
        fixed (byte* host = source)
            return TryCopy(address, host, (ulong)source.Length, AccessKind.Write);
    }

    /// <summary>
    /// Reads a value in the host's byte order. False, and the value zero, when the guest may not read it.
    /// An aligned integer is read at once: never half of what another thread writes.
    /// </summary>
    public bool TryRead<T>(ulong address, out T value)
        where T : unmanaged
    {
        T copy = default;
        var done = TryCopy(address, (byte*)&copy, (ulong)sizeof(T), AccessKind.Read);
        value = done ? copy : default;
        return done;
    }

    /// <summary>Writes a value in the host's byte order. False when the guest may not write it.</summary>
    public bool TryWrite<T>(ulong address, T value)
        where T : unmanaged => TryCopy(address, (byte*)&value, (ulong)sizeof(T), AccessKind.Write);

    /// <summary>
    /// Reads bytes up to a zero byte, which is left out. When there is none among the first <paramref name="limit"/> bytes,
    /// those are all returned, so that <c>text.Length == limit</c> tells a text that is too long. False when the guest may not read as far.
    /// </summary>
    public bool TryReadCString(ulong address, int limit, out byte[] text)
    {
        const int ChunkSize = 256;
        var bytes = new byte[ChunkSize];
        var count = 0;
        while (count < limit)
        {
            // Chunks end at multiples of their size, so that none asks for a page that the text does not reach.
            var length = (int)Math.Min(ChunkSize - address % ChunkSize, (ulong)(limit - count));
            if (count + length > bytes.Length)
                bytes = [.. bytes, .. new byte[bytes.Length]];
            fixed (byte* chunk = &bytes[count])
            {
                if (!TryCopy(address, chunk, (ulong)length, AccessKind.Read))
                {
                    text = [];
                    return false;
                }
            }
            var end = bytes.AsSpan(count, length).IndexOf((byte)0);
            count += end < 0 ? length : end;
            if (end >= 0)
                break;
            address += (ulong)length;
        }
        text = bytes.AsSpan(0, count).ToArray();
        return true;
    }

    /// <summary>
    /// Guest memory in place, for host calls that report a bad address themselves: whoever gets the span has no lock, so other
    /// threads may unmap the pages meanwhile, and pages of a file may lie behind its end. The window stays reserved, so such an
    /// access never reaches anything else, but it faults. False when the guest may not access all of it, or above 2^31 - 1 bytes.
    /// </summary>
    public bool TryGetSpan(ulong address, ulong length, AccessKind access, out Span<byte> span)
    {
        if (length > int.MaxValue || !IsAccessible(address, length, access))
        {
            span = default;
            return false;
        }
        // Of an empty range any address is allowed, which need not lie in the window.
        span = length == 0 ? default : new Span<byte>(Base + address, (int)length);
        return true;
    }

    /// <summary>Writes zeros. False, with nothing written, when the guest may not write all of it.</summary>
    public bool TryClear(ulong address, ulong length)
    {
        var zeros = stackalloc byte[(int)PageSize];
        new Span<byte>(zeros, (int)PageSize).Clear();
        _lock.EnterReadLock();
        try
        {
            if (!Allows(address, length, AccessKind.Write))
                return false;
            for (ulong done = 0, part; done < length; done += part)
            {
                part = Math.Min(PageSize - (address + done) % PageSize, length - done);
                if (!Copy(_mappings.Find(address + done)!, address + done, zeros, part, AccessKind.Write))
                    return false;
            }
            return true;
        }
        finally
        {
            _lock.ExitReadLock();
        }
    }

    private bool TryCopy(ulong address, byte* host, ulong length, AccessKind access)
    {
        _lock.EnterReadLock();
        try
        {
            if (!Allows(address, length, access))
                return false;
            while (length != 0)
            {
                var mapping = _mappings.Find(address)!;
                var part = Math.Min(mapping.End - address, length);
                if (!Copy(mapping, address, host, part, access))
                    return false;
                address += part;
                host += part;
                length -= part;
            }
            return true;
        }
        finally
        {
            _lock.ExitReadLock();
        }
    }

    // Copies between host memory and a range inside one mapping that allows it; which way, the access tells.
    private bool Copy(MemoryMapping mapping, ulong address, byte* host, ulong length, AccessKind access)
    {
        var guest = Base + address;
        var isWrite = access == AccessKind.Write;
        byte* from = isWrite ? host : guest, to = isWrite ? guest : host;
        if (!mapping.IsFile)
        {
            Buffer.MemoryCopy(from, to, length, length);
            return true;
        }
        return HostFaults.Current != null ? CopyCatching(from, to, length, HostFaults.Current) : CopyByKernel(guest, host, length, isWrite);
    }

    // Only in managed code is a fault an exception, so this cannot be memmove. The loop takes words and the end takes ever
    // smaller pieces, so that an aligned integer is one access.
    private static bool CopyCatching(byte* from, byte* to, ulong length, HostFault* fault)
    {
        try
        {
            var done = 0UL;
            for (; length - done >= sizeof(ulong); done += sizeof(ulong))
                *(ulong*)(to + done) = *(ulong*)(from + done);
            if ((length & sizeof(uint)) != 0)
            {
                *(uint*)(to + done) = *(uint*)(from + done);
                done += sizeof(uint);
            }
            if ((length & sizeof(ushort)) != 0)
            {
                *(ushort*)(to + done) = *(ushort*)(from + done);
                done += sizeof(ushort);
            }
            if ((length & sizeof(byte)) != 0)
                to[done] = from[done];
            return true;
        }
        catch (NullReferenceException) when (fault->Signal != 0)
        {
            fault->Signal = 0;
            return false;
        }
    }

    private static bool CopyByKernel(byte* guest, byte* host, ulong length, bool isWrite)
    {
        var local = new IoVector { Base = host, Length = (nuint)length };
        var remote = new IoVector { Base = guest, Length = (nuint)length };
        // The process id is asked for each time: the process may be a fork of the one that started.
        var done = isWrite
            ? HostCalls.WriteProcess(HostCalls.ProcessId(), &local, 1, &remote, 1, 0)
            : HostCalls.ReadProcess(HostCalls.ProcessId(), &local, 1, &remote, 1, 0);
        return done == (nint)length;
    }

    private bool Allows(ulong address, ulong length, AccessKind access)
    {
        if (length == 0)
            return true;
        if (!InWindow(address, length))
            return false;
        for (var end = address + length; address < end;)
        {
            var mapping = _mappings.Find(address);
            if (mapping is null || !mapping.Allows(access))
                return false;
            address = mapping.End;
        }
        return true;
    }
}
