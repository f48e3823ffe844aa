using Dbt.Runtime.Memory;

namespace Dbt.Runtime.Elf;

/// <summary>Maps programs, interpreters and shared objects into a guest's memory, as a kernel does on exec.</summary>
public static class ElfLoader
{
    private const ulong PageMask = GuestMemory.PageSize - 1;

    // Larger than any page size there is; what asks for more wants to exhaust the address space.
    private const ulong MaximumAlignment = 1UL << 30;

    /// <summary>
    /// Maps the loadable segments. A segment whose address and file offset agree is a mapping of the file, any other one a copy.
    /// Segments that share a page get the permissions of all of them there. After an error nothing stays mapped.
    /// </summary>
    /// <param name="file">The file; see <see cref="ElfFile.InterpreterPath"/> for what else has to be loaded.</param>
    /// <param name="memory">Where to; may contain other things.</param>
    /// <param name="preferred">Where a file that runs at any address should start; 0 to have one chosen.</param>
    /// <param name="name">The file's path, for the list of mappings.</param>
    /// <exception cref="ElfException">It is no program, or does not fit into the memory.</exception>
    public static LoadedImage Load(ElfFile file, GuestMemory memory, ulong preferred = 0, string? name = null)
    {
        if (file.Type is not (ElfFileType.Executable or ElfFileType.Dynamic))
            throw new ElfException(file.Type == ElfFileType.Relocatable ? "an object file, which must be linked first" : "not a program");
        var segments = SortedSegments(file);
        if (segments.Length == 0)
            throw new ElfException("no segments to load");
        CheckPlaces(segments, memory);

        var start = segments[0].Address & ~PageMask;
        var end = segments[^1].End;
        var bias = file.Type == ElfFileType.Dynamic ? ChoosePlace(segments, memory, preferred, RoundUp(end) - start) - start : 0;
        var mapped = new List<Stretch>();
        var copies = new List<ElfSegment>();
        try
        {
            for (var i = 0; i < segments.Length; i++)
                if (!MapSegment(file, memory, segments, i, bias, name, mapped))
                    copies.Add(segments[i]);
            foreach (var copy in copies)
                ProtectCopy(memory, segments, copy, bias);
        }
        catch (ElfException)
        {
            foreach (var (address, length) in mapped)
                memory.Unmap(address, length);
            throw;
        }
        return new LoadedImage(
            file.Entry + bias,
            bias,
            start + bias,
            end + bias,
            FindProgramHeaders(file, segments, bias),
            file.Segments.Count,
            file.InterpreterPath,
            file.StackIsExecutable);
    }

    // Those to load, by address. There are a handful, and code of LINQ and Array.Sort takes time to load.
    private static ElfSegment[] SortedSegments(ElfFile file)
    {
        var sorted = new List<ElfSegment>();
        foreach (var segment in file.Segments)
        {
            if (segment.Type != ElfSegmentType.Load || segment.MemorySize == 0)
                continue;
            var place = sorted.Count;
            while (place > 0 && sorted[place - 1].Address > segment.Address)
                place--;
            sorted.Insert(place, segment);
        }
        return sorted.ToArray();
    }

    private static void CheckPlaces(ElfSegment[] segments, GuestMemory memory)
    {
        for (var i = 0; i < segments.Length; i++)
        {
            var segment = segments[i];
            if (segment.End > memory.Size)
                throw new ElfException(
                    $"segment {segment.Index} lies outside of the guest's address space: 0x{segment.Address:x}-0x{segment.End:x} of 0x{memory.Size:x}");
            if (i > 0 && segments[i - 1].End > segment.Address)
                throw new ElfException($"segments {segments[i - 1].Index} and {segment.Index} overlap at 0x{segment.Address:x}");
        }
    }

    // Only looks: between this and mapping another thread may take the place, which FixedNoReplace then reports.
    private static ulong ChoosePlace(ElfSegment[] segments, GuestMemory memory, ulong preferred, ulong length)
    {
        var alignment = GuestMemory.PageSize;
        foreach (var segment in segments)
        {
            if (segment.Alignment > MaximumAlignment)
                throw new ElfException($"segment {segment.Index} wants an alignment of 0x{segment.Alignment:x}");
            if (ulong.IsPow2(segment.Alignment))
                alignment = Math.Max(alignment, segment.Alignment);
        }
        // What has to be aligned is the bias, so that every segment keeps its own alignment.
        var misalignment = segments[0].Address & ~PageMask & (alignment - 1);
        var wanted = preferred == 0 ? 0 : (preferred + alignment - 1 & ~(alignment - 1)) + misalignment;
        var room = length + alignment;
        if (wanted >= GuestMemory.LowestAddress && memory.IsFree(wanted, length))
            return wanted;
        if (memory.Map(preferred, room, MemoryProtection.None, MapFlags.None, out var found) != MemoryError.None)
            throw new ElfException($"no room for 0x{length:x} bytes in the guest's address space");
        memory.Unmap(found, room);
        var place = (found & ~(alignment - 1)) + misalignment;
        return place >= found ? place : place + alignment;
    }

    // Returns whether it is a mapping of the file; otherwise it is a copy, which is still writable.
    private static bool MapSegment(
        ElfFile file, GuestMemory memory, ElfSegment[] segments, int index, ulong bias, string? name, List<Stretch> mapped)
    {
        var segment = segments[index];
        var start = segment.Address & ~PageMask;
        var end = RoundUp(segment.End);
        var fileEnd = segment.Address + segment.FileSize;
        var sharesPage = index > 0 && RoundUp(segments[index - 1].End) > start
            || index + 1 < segments.Length && (segments[index + 1].Address & ~PageMask) < end;
        var isFile = !sharesPage && segment.FileSize != 0 && file.Source.File is not null && ((segment.Address ^ segment.Offset) & PageMask) == 0;
        if (isFile)
        {
            var handle = (int)file.Source.File!.DangerousGetHandle();
            var offset = segment.Offset - (segment.Address - start);
            var fileLength = RoundUp(fileEnd) - start;
            Require(
                memory.MapFile(start + bias, fileLength, segment.Protection, MapFlags.FixedNoReplace, handle, offset, name, out _),
                memory, segment, bias);
            mapped.Add(new Stretch(start + bias, fileLength));
            ClearPageEnd(memory, segment, fileEnd, bias);
            start += fileLength;
        }
        else if (index > 0)
            start = Math.Max(start, RoundUp(segments[index - 1].End));

        if (start < end)
        {
            var protection = isFile ? segment.Protection : MemoryProtection.ReadWrite;
            Require(memory.Map(start + bias, end - start, protection, MapFlags.FixedNoReplace, out _, name), memory, segment, bias);
            mapped.Add(new Stretch(start + bias, end - start));
        }
        if (!isFile)
            Copy(file, memory, segment, bias);
        return isFile;
    }

    // The last page of the file's part goes on with whatever follows in the file, where the program expects zeros.
    private static void ClearPageEnd(GuestMemory memory, ElfSegment segment, ulong fileEnd, ulong bias)
    {
        if (segment.End == fileEnd || (fileEnd & PageMask) == 0)
            return;
        var page = (fileEnd & ~PageMask) + bias;
        var isWritable = segment.Protection.HasFlag(MemoryProtection.Write);
        if (!isWritable)
            Require(memory.Protect(page, GuestMemory.PageSize, MemoryProtection.ReadWrite), memory, segment, bias);
        // To the end of the page, as Linux does: brk starts there.
        if (!memory.TryClear(fileEnd + bias, RoundUp(fileEnd) - fileEnd))
            throw new ElfException($"truncated: the file became shorter while segment {segment.Index} was loaded");
        if (!isWritable)
            Require(memory.Protect(page, GuestMemory.PageSize, segment.Protection), memory, segment, bias);
    }

    private static void Copy(ElfFile file, GuestMemory memory, ElfSegment segment, ulong bias)
    {
        var buffer = new byte[Math.Min(segment.FileSize, 1 << 16)];
        for (ulong done = 0, part; done < segment.FileSize; done += part)
        {
            part = Math.Min((ulong)buffer.Length, segment.FileSize - done);
            var bytes = buffer.AsSpan(0, (int)part);
            file.Source.Read(segment.Offset + done, bytes, $"segment {segment.Index}");
            if (!memory.TryWrite(segment.Address + done + bias, bytes))
                throw new ElfException($"segment {segment.Index} cannot be written to guest memory");
        }
    }

    private static void ProtectCopy(GuestMemory memory, ElfSegment[] segments, ElfSegment segment, ulong bias)
    {
        var start = segment.Address & ~PageMask;
        var end = RoundUp(segment.End);
        Require(memory.Protect(start + bias, end - start, segment.Protection), memory, segment, bias);
        foreach (var page in (ReadOnlySpan<ulong>)[start, end - GuestMemory.PageSize])
        {
            var protection = MemoryProtection.None;
            foreach (var other in segments)
                if (other.Address < page + GuestMemory.PageSize && page < other.End)
                    protection |= other.Protection;
            if (protection != segment.Protection)
                Require(memory.Protect(page + bias, GuestMemory.PageSize, protection), memory, segment, bias);
        }
    }

    private static ulong FindProgramHeaders(ElfFile file, ElfSegment[] segments, ulong bias)
    {
        foreach (var segment in segments)
            if (segment.Offset <= file.ProgramHeaderOffset && file.ProgramHeaderOffset - segment.Offset < segment.FileSize)
                return file.ProgramHeaderOffset - segment.Offset + segment.Address + bias;
        return 0;
    }

    private static void Require(MemoryError error, GuestMemory memory, ElfSegment segment, ulong bias)
    {
        if (error == MemoryError.None)
            return;
        var what = $"segment {segment.Index} (0x{segment.MemorySize:x} bytes at 0x{segment.Address + bias:x})";
        throw error switch
        {
            MemoryError.Exists => new ElfException($"{what} lies where something is mapped already"),
            MemoryError.NoMemory => new ElfException($"{what} does not fit into the guest's memory limit of 0x{memory.Limit:x} bytes"),
            _ => new ElfException($"{what} cannot be mapped (errno {(int)error})"),
        };
    }

    private static ulong RoundUp(ulong address) => address + PageMask & ~PageMask;

    // A class: lists of structures are compiled while the guest waits.
    private sealed record Stretch(ulong Start, ulong Length);
}
