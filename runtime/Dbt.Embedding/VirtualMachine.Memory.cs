using Dbt.Runtime.Memory;

namespace Dbt.Embedding;

/// <content>What is at the guest's addresses.</content>
public sealed partial class VirtualMachine
{
    /// <summary>Gives the guest memory.</summary>
    /// <param name="address">First guest address; a multiple of 4096.</param>
    /// <param name="length">Bytes; a multiple of 4096.</param>
    /// <param name="access">What the guest may do with it.</param>
    /// <param name="contents">What is in it at first; zeros follow.</param>
    /// <exception cref="ArgumentException">The range is not one of whole pages in the address space, or there is memory already, or more contents than memory.</exception>
    /// <exception cref="InsufficientMemoryException">It exceeds <see cref="VirtualMachineOptions.MemoryLimit"/>, or the host has no more.</exception>
    public MemorySlot MapMemory(ulong address, ulong length, MemoryAccess access = MemoryAccess.All, ReadOnlySpan<byte> contents = default)
    {
        if (address % GuestMemory.PageSize != 0 || length == 0 || length % GuestMemory.PageSize != 0 || address > ReturnAddress || length > ReturnAddress - address)
            throw new ArgumentException($"0x{length:x} bytes at 0x{address:x} are no whole pages in the address space, of 0x{ReturnAddress:x} bytes.", nameof(address));
        if ((access & ~MemoryAccess.All) != 0)
            throw new ArgumentOutOfRangeException(nameof(access), access, "There is no such access.");
        if ((ulong)contents.Length > length)
            throw new ArgumentException("There are more contents than memory.", nameof(contents));
        var protection = Protection(access);
        Map(address, length, contents.IsEmpty ? protection : MemoryProtection.ReadWrite);
        if (!contents.IsEmpty && (!Memory.TryWrite(address, contents) || Memory.Protect(address, length, protection) != MemoryError.None))
        {
            Memory.Unmap(address, length);
            throw new InsufficientMemoryException("The host has no more memory.");
        }
        return new MemorySlot(this, address, length, access);
    }

    /// <summary>Puts a device at guest addresses: loads and stores there are answered by functions of this process.</summary>
    /// <param name="address">First guest address.</param>
    /// <param name="length">Bytes.</param>
    /// <param name="read">Answers loads; they read zero when null.</param>
    /// <param name="write">Takes stores; they are lost when null.</param>
    /// <exception cref="ArgumentException">There is memory or a device already.</exception>
    public void MapDevice(ulong address, ulong length, MmioRead? read, MmioWrite? write)
    {
        if (length == 0 || address + (length - 1) < address)
            throw new ArgumentException("A device has at least one address, and ends where addresses end.", nameof(length));
        lock (_lock)
        {
            if (_devices.Any(device => device.Overlaps(address, length)) || Memory.Mappings.Any(memory => memory.Start <= address + (length - 1) && address < memory.End))
                throw new ArgumentException($"There is something at 0x{address:x} already.", nameof(address));
            _devices = [.. _devices, new MmioRegion(address, length, read, write)];
        }
    }

    /// <summary>Copies guest memory out.</summary>
    /// <returns>False when not all of it is memory that the guest may read.</returns>
    public bool TryRead(ulong address, Span<byte> destination) => Memory.TryRead(address, destination);

    /// <summary>Copies out of guest memory; see <see cref="TryRead"/>.</summary>
    /// <exception cref="ArgumentException">Not all of it is memory that the guest may read.</exception>
    public void Read(ulong address, Span<byte> destination)
    {
        if (!TryRead(address, destination))
            throw new ArgumentException($"0x{destination.Length:x} bytes at 0x{address:x} are no memory of the guest.", nameof(address));
    }

    /// <summary>Copies into guest memory. What the guest has of code there is forgotten before this returns.</summary>
    /// <returns>False when not all of it is memory that the guest may write; nothing was written then.</returns>
    public bool TryWrite(ulong address, ReadOnlySpan<byte> source)
    {
        if (!Memory.TryWrite(address, source))
            return false;
        if (source.Length > 0 && Memory.Find(address)?.Protection.HasFlag(MemoryProtection.Execute) != false)
            Engine.Invalidate(address, (ulong)source.Length);
        return true;
    }

    /// <summary>Copies into guest memory; see <see cref="TryWrite"/>.</summary>
    /// <exception cref="ArgumentException">Not all of it is memory that the guest may write.</exception>
    public void Write(ulong address, ReadOnlySpan<byte> source)
    {
        if (!TryWrite(address, source))
            throw new ArgumentException($"0x{source.Length:x} bytes at 0x{address:x} are no memory that the guest may write.", nameof(address));
    }

    internal MmioRegion? FindDevice(ulong address, int size)
    {
        foreach (var device in Volatile.Read(ref _devices))
            if (device.Contains(address, size))
                return device;
        return null;
    }

    /// <summary>The stack of a hart: below others', with a gap on either side.</summary>
    internal ulong MapStack(int hart)
    {
        const ulong gap = 64 << 10;
        var length = Options.StackBytes + (GuestMemory.PageSize - 1) & ~(GuestMemory.PageSize - 1);
        var end = ReturnAddress - gap - (ulong)hart * (length + gap);
        if (end > ReturnAddress || end < length)
            throw new InsufficientMemoryException("The address space has no room for another stack.");
        Map(end - length, length, MemoryProtection.ReadWrite);
        return end;
    }

    private void Map(ulong address, ulong length, MemoryProtection protection)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        lock (_lock)
        {
            if (_devices.Any(device => device.Overlaps(address, length)))
                throw new ArgumentException($"There is a device at 0x{address:x}.", nameof(address));
        }
        switch (Memory.Map(address, length, protection, MapFlags.FixedNoReplace, out _))
        {
            case MemoryError.None:
                return;
            case MemoryError.Exists:
                throw new ArgumentException($"There is memory at 0x{address:x} already.", nameof(address));
            default:
                throw new InsufficientMemoryException($"0x{length:x} bytes exceed the memory limit of 0x{Memory.Limit:x}, or what the host has.");
        }
    }

    private static MemoryProtection Protection(MemoryAccess access) =>
        (access.HasFlag(MemoryAccess.Read) ? MemoryProtection.Read : 0)
        | (access.HasFlag(MemoryAccess.Write) ? MemoryProtection.ReadWrite : 0)
        | (access.HasFlag(MemoryAccess.Execute) ? MemoryProtection.ReadExecute : 0);
}
