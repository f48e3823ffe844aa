using Dbt.Isa;

namespace Dbt.Runtime.Memory;

/// <summary>A range of guest pages that are alike. Immutable.</summary>
/// <param name="Start">First guest address; a multiple of the page size.</param>
/// <param name="End">First guest address behind it.</param>
/// <param name="Protection">What the guest may do.</param>
/// <param name="IsShared">Whether stores go to the file, or to memory shared with forked children.</param>
/// <param name="IsFile">Whether a file lies behind the pages: then an access can fail beyond the file's end in spite of the protection.</param>
/// <param name="Offset">Offset in the file of <paramref name="Start"/>, in bytes; 0 without a file.</param>
/// <param name="Name">Path of the file or a label such as <c>[heap]</c>; null for plain memory.</param>
public sealed record MemoryMapping(
    ulong Start,
    ulong End,
    MemoryProtection Protection,
    bool IsShared,
    bool IsFile,
    ulong Offset,
    string? Name)
{
    /// <summary>Bytes in the range.</summary>
    public ulong Length => End - Start;

    /// <summary>Whether the guest may access it so.</summary>
    public bool Allows(AccessKind access) => access switch
    {
        AccessKind.Read => Protection != MemoryProtection.None,
        AccessKind.Write => Protection.HasFlag(MemoryProtection.Write),
        _ => Protection.HasFlag(MemoryProtection.Execute),
    };

    /// <summary>Bytes that count towards <see cref="GuestMemory.Limit"/>: writable memory that is not a shared file's.</summary>
    internal ulong Charge => Protection.HasFlag(MemoryProtection.Write) && !(IsShared && IsFile) ? Length : 0;

    /// <summary>Whether a host object (a file or shared memory) lies behind the pages, which fresh pages would not belong to.</summary>
    internal bool HasObject => IsFile || IsShared;

    /// <summary>The part of it in [start, end), which must lie in it.</summary>
    internal MemoryMapping Slice(ulong start, ulong end) =>
        this with { Start = start, End = end, Offset = IsFile ? Offset + (start - Start) : 0 };

    /// <summary>
    /// Whether the other one begins where this one ends and is of the same kind, so that both can be one.
    /// Memory shared without a file is an object for each mapping: two of those never become one.
    /// </summary>
    internal bool MergesWith(MemoryMapping next) =>
        End == next.Start && Protection == next.Protection && IsShared == next.IsShared && IsFile == next.IsFile && Name == next.Name
        && (IsFile ? Offset + Length == next.Offset : !IsShared);
}
