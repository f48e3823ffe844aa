namespace Dbt.Runtime.Memory;

public sealed unsafe partial class GuestMemory
{
    /// <summary>Resizes a mapping, and moves it when allowed, as mremap does.</summary>
    /// <param name="address">Where the old range starts; all of it must belong to one mapping.</param>
    /// <param name="oldLength">Bytes in the old range; rounded up to whole pages. 0 (duplicating) is not supported.</param>
    /// <param name="newLength">Bytes in the new range; rounded up to whole pages.</param>
    /// <param name="flags">Whether it may move, or must.</param>
    /// <param name="newAddress">Where it must move to, with <see cref="RemapFlags.Fixed"/>.</param>
    /// <param name="start">Where it is now; 0 after an error.</param>
    /// <returns>None, InvalidArgument, Fault or NoMemory.</returns>
    public MemoryError Remap(ulong address, ulong oldLength, ulong newLength, RemapFlags flags, ulong newAddress, out ulong start)
    {
        start = 0;
        var isFixed = flags.HasFlag(RemapFlags.Fixed);
        if (address % PageSize != 0 || oldLength == 0 || newLength == 0 || !TryRoundUp(ref oldLength) || !TryRoundUp(ref newLength))
            return MemoryError.InvalidArgument;
        if (isFixed && (!flags.HasFlag(RemapFlags.MayMove) || newAddress % PageSize != 0 || !InWindow(newAddress, newLength)))
            return MemoryError.InvalidArgument;
        if (!InWindow(address, oldLength))
            return MemoryError.Fault;
        if (isFixed && newAddress < address + oldLength && address < newAddress + newLength)
            return MemoryError.InvalidArgument;

        MemoryError error;
        bool executable;
        _lock.EnterWriteLock();
        try
        {
            var old = _mappings.Find(address);
            if (old is null || old.End < address + oldLength)
                return MemoryError.Fault;
            old = old.Slice(address, address + oldLength);
            executable = old.Protection.HasFlag(MemoryProtection.Execute);
            error = Resize(old, newLength, isFixed ? newAddress : null, flags.HasFlag(RemapFlags.MayMove), out start, ref executable);
        }
        finally
        {
            _lock.ExitWriteLock();
        }
        if (executable)
        {
            ExecutableChanged?.Invoke(address, oldLength);
            ExecutableChanged?.Invoke(isFixed ? newAddress : start, newLength);
        }
        return error;
    }

    private MemoryError Resize(MemoryMapping old, ulong newLength, ulong? target, bool mayMove, out ulong start, ref bool executable)
    {
        start = 0;
        var inPlace = target is null;
        if (inPlace && newLength <= old.Length)
        {
            start = old.Start;
            return newLength == old.Length ? MemoryError.None : Drop(old.Slice(old.Start + newLength, old.End));
        }
        var grown = old with { End = old.Start + newLength };
        if (inPlace && !old.HasObject && InWindow(old.Start, newLength) && _mappings.IsFree(old.End, grown.End))
        {
            if (ExceedsLimit(grown.Charge, old.Charge))
                return MemoryError.NoMemory;
            start = old.Start;
            return Grow(old, newLength);
        }
        if (!mayMove)
            return MemoryError.NoMemory;

        var place = target ?? 0;
        if (inPlace && Place(0, newLength, MapFlags.None, !old.HasObject, out place) != MemoryError.None)
            return MemoryError.NoMemory;
        var replaced = Survey(place, place + newLength);
        if (ExceedsLimit(grown.Charge, old.Charge + replaced.Charge))
            return MemoryError.NoMemory;
        var moved = grown with { Start = place, End = place + newLength };
        executable |= replaced.Executable;
        _mappings.Remove(place, moved.End);
        _charged -= replaced.Charge;
        if (!MoveHost(old, moved))
        {
            // As under Linux, what was at the target is gone all the same.
            _ = Reserve(place, newLength);
            _ = HostCalls.Protect(Base + old.Start, (nuint)old.Length, HostProtection(old.Protection));
            return MemoryError.NoMemory;
        }
        _mappings.Remove(old.Start, old.End);
        _mappings.Add(moved);
        PreferHugePages(moved);
        _charged += moved.Charge - old.Charge;
        start = place;
        return MemoryError.None;
    }

    private MemoryError Drop(MemoryMapping tail)
    {
        if (!Reserve(tail.Start, tail.Length))
            return HostCalls.LastError;
        _mappings.Remove(tail.Start, tail.End);
        _charged -= tail.Charge;
        return MemoryError.None;
    }

    private MemoryError Grow(MemoryMapping old, ulong newLength)
    {
        var tail = old with { Start = old.End, End = old.Start + newLength };
        if (!MapHost(tail, file: -1))
            return HostCalls.LastError;
        _mappings.Add(tail);
        PreferHugePages(tail);
        _charged += tail.Charge;
        return MemoryError.None;
    }

    // Moves pages inside the window. A plain mremap would leave a hole where they were, which any other thread of this process
    // could be given by the host before we close it. So pages leave by MREMAP_DONTUNMAP, which keeps the place occupied and
    // does not resize; resizing happens outside of the window.
    private bool MoveHost(MemoryMapping old, MemoryMapping moved)
    {
        var common = Math.Min(old.Length, moved.Length);
        if (!old.HasObject)
        {
            if (!MovePages(Base + old.Start, common, Base + moved.Start, old.Protection))
                return false;
            if (moved.Length > common && !MapHost(moved with { Start = moved.Start + common }, file: -1))
                return false;
            return Reserve(old.Start, old.Length);
        }
        var outside = HostCalls.Remap(Base + old.Start, (nuint)common, (nuint)common, HostCalls.RemapMayMove | HostCalls.RemapDontUnmap, null);
        if (outside == HostCalls.Failed)
            return false;
        if (moved.Length > common)
        {
            var resized = HostCalls.Remap(outside, (nuint)common, (nuint)moved.Length, HostCalls.RemapMayMove, null);
            if (resized == HostCalls.Failed)
                return Abandon(outside, common, Base + old.Start);
            outside = resized;
        }
        var target = Base + moved.Start;
        if (HostCalls.Remap(outside, (nuint)moved.Length, (nuint)moved.Length, HostCalls.RemapMayMove | HostCalls.RemapFixed, target) != target)
            return Abandon(outside, common, Base + old.Start);
        return Reserve(old.Start, old.Length);
    }

    private static bool MovePages(byte* from, ulong length, byte* to, MemoryProtection protection)
    {
        const int Move = HostCalls.RemapMayMove | HostCalls.RemapFixed | HostCalls.RemapDontUnmap;
        if (HostCalls.Remap(from, (nuint)length, (nuint)length, Move, to) == to)
            return true;
        // What is one mapping to the guest may be several to the host, which it does not move at once: copy.
        if (MapAnonymous(to, length, HostCalls.ProtRead | HostCalls.ProtWrite, HostCalls.MapPrivate | HostCalls.MapFixed) != to
            || HostCalls.Protect(from, (nuint)length, HostCalls.ProtRead) != 0)
            return false;
        Buffer.MemoryCopy(from, to, length, length);
        return HostCalls.Protect(to, (nuint)length, HostProtection(protection)) == 0;
    }

    // Puts pages back where they came from, after a move that failed.
    private static bool Abandon(byte* outside, ulong length, byte* origin)
    {
        _ = HostCalls.Remap(outside, (nuint)length, (nuint)length, HostCalls.RemapMayMove | HostCalls.RemapFixed, origin);
        return false;
    }
}
