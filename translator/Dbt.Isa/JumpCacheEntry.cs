using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Dbt.Isa;

/// <summary>
/// One entry of a hart's jump cache: a direct-mapped table from guest pc to translation, looked up by translated code.
/// Index of a pc: <c>(pc >> 1) &amp; (Count - 1)</c>.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct JumpCacheEntry
{
    /// <summary>Number of entries in every jump cache; a power of two.</summary>
    public const int Count = 4096;

    /// <summary>Guest pc, or <see cref="Empty"/>.</summary>
    public ulong Pc;

    /// <summary>The interpreter's <see cref="PredecodedInstruction"/> pointer, or the entry of compiled code.</summary>
    public void* Target;

    /// <summary>A pc that no instruction can have.</summary>
    public const ulong Empty = ulong.MaxValue;

    /// <summary>Where a pc is, if it is in the table.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static JumpCacheEntry* Find(JumpCacheEntry* table, ulong pc) => table + (pc >> 1 & Count - 1);
}
