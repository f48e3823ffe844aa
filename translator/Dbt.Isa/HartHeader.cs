using System.Runtime.InteropServices;

namespace Dbt.Isa;

/// <summary>
/// The part of a hart's state that every guest has. It opens the generated state of each guest, lives in unmanaged
/// memory, and is what interpreter, compiled code and runtime share.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct HartHeader
{
    /// <summary>Guest virtual address of the next instruction; exact whenever an engine has returned.</summary>
    public ulong Pc;

    /// <summary>Host address of guest address 0.</summary>
    public byte* Memory;

    /// <summary>Written by the host's fault handler for the thread that runs this hart.</summary>
    public HostFault* HostFault;

    /// <summary>
    /// The last instruction that could fault or exit, in its predecoded block; every exit that names an instruction leaves it here.
    /// The engine counts from it how much of the block was not executed.
    /// </summary>
    public PredecodedInstruction* Current;

    /// <summary>Guest address of a MemoryFault or MisalignedAccess.</summary>
    public ulong FaultAddress;

    /// <summary>Address reserved by a load-reserved instruction; <see cref="NoReservation"/> when there is none.</summary>
    public ulong ReservationAddress;

    /// <summary>Value seen by the load-reserved instruction; store-conditional compares with it (ABA is possible, as under QEMU).</summary>
    public ulong ReservationValue;

    /// <summary>
    /// Instructions retired in earlier runs: <c>RetiredBase - Budget</c> is the count now. Engines may leave out the instructions of compiled code
    /// while nobody asks; see <see cref="CountIsRead"/>.
    /// </summary>
    public long RetiredBase;

    /// <summary>Why the engine returned.</summary>
    public ExitReason Exit;

    /// <summary>What a MemoryFault or MisalignedAccess wanted.</summary>
    public AccessKind FaultAccess;

    /// <summary>
    /// Signal that the host raised for the last MemoryFault (SIGSEGV, or SIGBUS beyond the end of a mapped file);
    /// 0 when it was found without touching the memory: outside of the window, or a fetch.
    /// </summary>
    public int FaultSignal;

    /// <summary>Accrued IEEE 754 exceptions, see <see cref="FloatingPoint.FloatingPointFlags"/>.</summary>
    public uint FpFlags;

    /// <summary>Dynamic rounding mode, see <see cref="FloatingPoint.FloatingPointRounding"/>; values above 4 are invalid.</summary>
    public uint FpRounding;

    /// <summary>
    /// Not 0 when the guest has read a counter of instructions or cycles: from then on all are counted. What was left out before, the guest
    /// never sees; its counters only grow.
    /// </summary>
    public uint CountIsRead;

    /// <summary>Not 0 while somebody wants the hart to come back to its engine: for code that reads a word instead of a page that may be inaccessible.</summary>
    public uint IsWanted;

    /// <summary>The link through which compiled code left with TranslationMiss, for its engine to patch; null when there is none.</summary>
    public void* LeftThrough;

    /// <summary>The hypercall site at which compiled code left with EnvironmentCall, for its engine to think about; null when there is none.</summary>
    public void* LeftAtCall;

    /// <summary>Words for handlers of hypercalls, which translated code may read and write without a call. The engine leaves them alone.</summary>
    public fixed ulong CallWords[CallWordCount];

    /// <summary>GCHandle of the managed hart, for callbacks from compiled code.</summary>
    public nint Owner;

    /// <summary>Extensions that are on; a system register of any other does not exist.</summary>
    public ExtensionSet Extensions;

    /// <summary>Host registers that hold guest registers, as they were at an access that failed, in an order of the engine's.</summary>
    public fixed ulong HostRegisters[MostHostRegisters];

    // What compiled code uses most is last: near to the registers that follow, so that the host needs short displacements.

    /// <summary>Table of <see cref="JumpCacheEntry.Count"/> entries, owned by the engine that runs this hart.</summary>
    public JumpCacheEntry* JumpCache;

    /// <summary>
    /// First guest address outside of the guest's window. An access is allowed to start anywhere below it: at least
    /// 64 KiB behind the window are inaccessible, so that the tail of a wide access faults there. Engines that emit machine code want
    /// as much in front of the window too: they compare base registers, not addresses.
    /// </summary>
    public ulong MemoryLimit;

    /// <summary>Guest instructions that may still be executed. Blocks take their length off on entry and exit when it would go below zero.</summary>
    public long Budget;

    /// <summary>Number of <see cref="CallWords"/>.</summary>
    public const int CallWordCount = 4;

    /// <summary>Room in <see cref="HostRegisters"/>.</summary>
    public const int MostHostRegisters = 12;

    /// <summary><see cref="ReservationAddress"/> when nothing is reserved.</summary>
    public const ulong NoReservation = ulong.MaxValue;
}
