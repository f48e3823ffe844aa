using System.Runtime.InteropServices;

namespace Dbt.Isa.Systems;

/// <summary>
/// The part of a hart's state that every guest has in system mode; in user mode <see cref="Tlb"/> is null. Shared by translated code,
/// engines, and who runs the hart.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct SystemHeader
{
    /// <summary>The software TLB for data accesses as the hart makes them now: <see cref="TlbEntry.Count"/> entries. Changes between instructions only, where <see cref="Attention"/> is attended to.</summary>
    public TlbEntry* Tlb;

    /// <summary>
    /// Not zero when something is to be done before the next block: see <see cref="SystemAttention"/>. Any thread may add bits, atomically.
    /// Engines leave with <see cref="ExitReason.Attention"/>.
    /// </summary>
    public int Attention;

    /// <summary>
    /// Not zero while calls (<see cref="ExitReason.EnvironmentCall"/>) of the hart's present mode are for handlers that its engine may know; while it is zero,
    /// they are exceptions. Changes where <see cref="Attention"/> is attended to.
    /// </summary>
    public int MayCall;

    /// <summary>Interrupt inputs of the hart that are high, a bit for each. Any thread may change bits, atomically.</summary>
    public ulong InterruptLines;

    /// <summary>What accesses do that the TLB does not know.</summary>
    public SystemCalls* Calls;

    /// <summary>The value of the last load that <see cref="Calls"/> made, zero-extended.</summary>
    public ulong Loaded;

    /// <summary>Address that a translation fence named, while <see cref="SystemAttention.FenceAddress"/> is set.</summary>
    public ulong FenceAddress;

    /// <summary>Whether the last MemoryFault is one of translation (a page fault) or of what the address leads to (an access fault).</summary>
    public bool IsPageFault;
}
