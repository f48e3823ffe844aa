using System.Runtime.CompilerServices;
using Dbt.Isa.Interpreting;

namespace Dbt.Isa.Systems;

/// <summary>What generated interpreters do in system mode that is not in their loops. Those that give a bool or a pointer have left the loop when it is false or null.</summary>
public static unsafe class SystemAccess
{
    /// <summary>A load that the TLB does not know; its value is in <see cref="SystemHeader.Loaded"/>.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool Load(HartHeader* state, SystemHeader* system, PredecodedInstruction* instruction, ulong address, int bytes) =>
        Complete(state, instruction, system->Calls->Load(state, address, bytes));

    /// <summary>A store that the TLB does not know.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool Store(HartHeader* state, SystemHeader* system, PredecodedInstruction* instruction, ulong address, int bytes, ulong value) =>
        Complete(state, instruction, system->Calls->Store(state, address, bytes, value));

    /// <summary>The host memory of an aligned load.</summary>
    public static byte* Readable(HartHeader* state, SystemHeader* system, TlbEntry* tlb, PredecodedInstruction* instruction, ulong address, int bytes)
    {
        var entry = TlbEntry.Find(tlb, address);
        return entry->LoadTag == TlbEntry.PageOfEnd(address, bytes) ? entry->Addend + address : Find(state, system, instruction, address, bytes, AccessKind.Read);
    }

    /// <summary>The host memory of an aligned access that stores.</summary>
    public static byte* Writeable(HartHeader* state, SystemHeader* system, TlbEntry* tlb, PredecodedInstruction* instruction, ulong address, int bytes)
    {
        var entry = TlbEntry.Find(tlb, address);
        return entry->StoreTag == TlbEntry.PageOfEnd(address, bytes) ? entry->Addend + address : Find(state, system, instruction, address, bytes, AccessKind.Write);
    }

    /// <summary>The time that the guest reads: the machine's, or the host's where there is no machine.</summary>
    public static long Time(HartHeader* state, SystemHeader* system) =>
        system->Calls == null ? HartCounters.Time(state) : (long)system->Calls->Time(state);

    /// <summary>Cache management of the block with an address: allowed where loads are, and otherwise a fault of a store.</summary>
    public static bool ManageBlock(HartHeader* state, SystemHeader* system, PredecodedInstruction* instruction, ulong address)
    {
        byte* host = null;
        var reason = system->Calls->Find(state, address, 1, AccessKind.Read, &host);
        if (reason != ExitReason.None)
            state->FaultAccess = AccessKind.Write;
        return Complete(state, instruction, reason);
    }

    /// <summary>Reads a system register that the machine answers; false when it does not exist now.</summary>
    public static bool TryReadRegister(HartHeader* state, SystemHeader* system, int number, out long value)
    {
        ulong read = 0;
        var exists = system->Calls != null && system->Calls->ReadRegister(state, number, &read);
        value = (long)read;
        return exists;
    }

    /// <summary>The same on 32 bits.</summary>
    public static bool TryReadRegister(HartHeader* state, SystemHeader* system, int number, out int value)
    {
        var exists = TryReadRegister(state, system, number, out long read);
        value = (int)read;
        return exists;
    }

    /// <summary>Writes a system register that the machine answers.</summary>
    public static bool TryWriteRegister(HartHeader* state, SystemHeader* system, int number, long value) =>
        system->Calls != null && system->Calls->WriteRegister(state, number, (ulong)value);

    /// <summary>Changes a word of system state that others must hear of.</summary>
    public static void Change(SystemHeader* system, ref ulong word, ulong value)
    {
        if (word == value)
            return;
        word = value;
        Request(system, SystemAttention.StateChanged);
    }

    /// <summary>Asks for attention before the next block. Safe from any thread.</summary>
    public static void Request(SystemHeader* system, SystemAttention reason) => Interlocked.Or(ref system->Attention, (int)reason);

    /// <summary>Later accesses see earlier changes of page tables: of one address, or all. Address spaces are not told apart: all have it.</summary>
    public static void FenceTranslations(SystemHeader* system, bool anyAddress, ulong address, bool anySpace, ulong space)
    {
        _ = (anySpace, space);
        system->FenceAddress = address;
        Request(system, anyAddress ? SystemAttention.FenceAll : SystemAttention.FenceAddress);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static byte* Find(HartHeader* state, SystemHeader* system, PredecodedInstruction* instruction, ulong address, int bytes, AccessKind access)
    {
        byte* host = null;
        return Complete(state, instruction, system->Calls->Find(state, address, bytes, access, &host)) ? host : null;
    }

    private static bool Complete(HartHeader* state, PredecodedInstruction* instruction, ExitReason reason) =>
        reason == ExitReason.None || InterpreterExits.At(state, instruction, reason);
}
