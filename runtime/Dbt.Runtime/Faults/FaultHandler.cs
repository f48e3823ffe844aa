using System.Runtime.InteropServices;
using Dbt.Isa;
using Dbt.Runtime.Memory;
using Dbt.Translator.HostCode;
using Dbt.Translator.HostCode.X64;
using static Dbt.Translator.HostCode.X64.X64Condition;
using static Dbt.Translator.HostCode.X64.X64Register;
using static Dbt.Translator.HostCode.X64.X64Size;

namespace Dbt.Runtime.Faults;

/// <summary>
/// The signal handler of <see cref="HostFaults"/>. It is machine code, since managed code cannot run in a signal handler:
/// the thread may be anywhere, in the garbage collector even.
/// </summary>
internal static unsafe class FaultHandler
{
    // Offsets in what the kernel passes on x86-64 (asm/siginfo.h, asm/sigcontext.h).
    private const int SignalInfoCode = 8, SignalInfoAddress = 16;
    private const int ContextRip = 40 + 16 * 8, ContextErrorCode = 40 + 19 * 8;

    // Keeps the handler's memory, where it is of this kind.
    private static ExecutableMemory? s_views;

    /// <summary>Puts the handler in front of the runtime's handlers for SIGSEGV and SIGBUS, for the rest of the process's life.</summary>
    /// <exception cref="PlatformNotSupportedException">The host is not x86-64 Linux, or its runtime does not handle SIGSEGV.</exception>
    public static void Install(FaultTables tables)
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
            throw new PlatformNotSupportedException(
                $"Catching faults of guest memory needs an x86-64 Linux host, and this is {RuntimeInformation.RuntimeIdentifier}.");
        SignalAction segv, bus;
        if (HostSignals.SetAction(HostSignals.SigSegv, null, &segv) != 0 || HostSignals.SetAction(HostSignals.SigBus, null, &bus) != 0
            || !IsHandler(segv))
            throw new PlatformNotSupportedException("The .NET runtime does not handle SIGSEGV on this host.");
        // NativeAOT's runtime leaves SIGBUS alone.
        if (!IsHandler(bus))
            bus = segv with { Handler = null };
        // Same flags and mask as the runtime's: its handlers expect the stack that they asked for.
        var handler = Publish(tables, segv.Handler, bus.Handler);
        segv.Handler = bus.Handler = handler;
        if (HostSignals.SetAction(HostSignals.SigSegv, &segv, null) != 0 || HostSignals.SetAction(HostSignals.SigBus, &bus, null) != 0)
            throw new PlatformNotSupportedException($"The host refuses a signal handler (errno {Marshal.GetLastPInvokeError()}).");
    }

    private static bool IsHandler(SignalAction action) =>
        (nuint)action.Handler > 1 && (action.Flags & SignalAction.HasSignalInfo) != 0;

    // void handler(int signal /* edi */, siginfo_t* info /* rsi */, ucontext_t* context /* rdx */)
    // rax, rcx and r8 to r11 are free; everything else, the stack included, stays as it is for the old handler.
    // Without an old handler of SIGBUS that of SIGSEGV gets managed code's, and the default action ends the process at any other.
    private static void Assemble(X64Assembler code, FaultTables tables, byte* oldSegv, byte* oldBus)
    {
        X64Label probe = default, known = default, forward = default, jump = default, windows = default, found = default;

        // Is the thread registered? r9 = its pointer, r8 = index, r11 = entry.
        code.Mov(Qword, R9, X64Memory.Absolute(0).InFs());
        code.Mov(R8, FaultTables.HashFactor);
        code.Imul(Qword, R8, R9);
        code.Shr(Qword, R8, 64 - FaultTables.ThreadCountShift);
        code.Mov(R10, (ulong)tables.Threads);
        code.Mov(Rcx, FaultTables.ThreadCount);
        code.Bind(ref probe);
        code.Mov(Qword, R11, R8);
        code.Shl(Qword, R11, ThreadFaultEntry.SizeShift);
        code.Add(Qword, R11, R10);
        code.Cmp(Qword, X64Memory.At(R11), R9);
        code.JccShort(Equal, ref known);
        code.Cmp(Qword, X64Memory.At(R11), (int)ThreadFaultEntry.Unused);
        code.JccShort(Equal, ref forward);
        code.Inc(Dword, R8);
        code.And(Dword, R8, FaultTables.ThreadCount - 1);
        code.Dec(Dword, Rcx);
        code.JccShort(NotEqual, ref probe);

        // On to the handler that was there before.
        code.Bind(ref forward);
        code.Mov(Rax, (ulong)oldSegv);
        code.Cmp(Dword, Rdi, HostSignals.SigSegv);
        code.JccShort(Equal, ref jump);
        if (oldBus == null)
            TakeDefaultAction(code);
        else
            code.Mov(Rax, (ulong)oldBus);
        code.Bind(ref jump);
        code.Jmp(Rax);

        // Is the instruction emitted code, and did it fail itself (nobody sent the signal)? Then it goes on at the stub.
        code.Bind(ref known);
        code.Mov(Qword, R10, X64Memory.At(Rdx, ContextRip));
        code.Mov(Qword, Rax, X64Memory.At(Rsi, SignalInfoAddress));
        code.Cmp(Dword, X64Memory.At(Rsi, SignalInfoCode), 0);
        code.JccShort(LessOrEqual, ref windows);
        SearchRanges(code, R10, HostCodeRanges.Table, HostCodeRanges.Count, HostCodeRange.Size, ref windows);
        code.Mov(Qword, R8, X64Memory.At(R8, 16));  // HostCodeRange.Recovery
        code.JmpShort(ref found);

        // Is the address in a guest's window? Then managed code made the access.
        code.Bind(ref windows);
        SearchRanges(code, Rax, tables.Windows, FaultTables.WindowCount, FaultWindow.Size, ref forward);
        code.Xor(Dword, R8, R8);

        // Leave word.
        code.Bind(ref found);
        code.Movsxd(Rcx, Rdi);
        code.Mov(Qword, X64Memory.At(R11, 8), Rcx);         // Fault.Signal
        code.Mov(Qword, X64Memory.At(R11, 16), Rax);        // Fault.Address
        code.Mov(Qword, X64Memory.At(R11, 24), R10);        // Fault.InstructionPointer
        code.Mov(Dword, Rcx, X64Memory.At(Rdx, ContextErrorCode));
        code.Shr(Dword, Rcx, 1);                            // of a page fault: bit 1 is a write
        code.And(Dword, Rcx, 1);
        code.Mov(Qword, X64Memory.At(R11, 32), Rcx);        // Fault.IsWrite

        // Managed code: make it look like a null pointer. Emitted code: return to the stub.
        X64Label recover = default;
        code.Test(Qword, R8, R8);
        code.JccShort(NotEqual, ref recover);
        code.Mov(Qword, X64Memory.At(Rsi, SignalInfoAddress), 0);
        if (oldBus == null)
            code.Mov(Rdi, HostSignals.SigSegv);
        code.Jmp(ref forward);
        code.Bind(ref recover);
        code.Mov(Qword, X64Memory.At(Rdx, ContextRip), R8);
        code.Ret();
    }

    // Back to the instruction that failed, to fail for good: rt_sigaction(signal, a structure of zeros: SIG_DFL, null, size of the mask).
    private static void TakeDefaultAction(X64Assembler code)
    {
        code.Mov(Rax, HostSignals.SetActionCall);
        code.Mov(Rsi, (ulong)NativeMemory.AllocZeroed((nuint)sizeof(SignalAction)));
        code.Xor(Dword, Rdx, Rdx);
        code.Mov(R10, sizeof(ulong));
        code.Syscall();
        code.Ret();
    }

    // r8 = the entry of a table that a value lies in; entries begin with start and length. Uses r9 and ecx.
    private static void SearchRanges(X64Assembler code, X64Register value, void* table, int count, int entrySize, ref X64Label notFound)
    {
        X64Label next = default, found = default;
        code.Mov(R8, (ulong)table);
        code.Mov(Rcx, (ulong)count);
        code.Bind(ref next);
        code.Mov(Qword, R9, value);
        code.Sub(Qword, R9, X64Memory.At(R8));
        code.Cmp(Qword, R9, X64Memory.At(R8, 8));
        code.JccShort(Below, ref found);
        code.Add(Qword, R8, entrySize);
        code.Dec(Dword, Rcx);
        code.JccShort(NotEqual, ref next);
        code.Jmp(ref notFound);
        code.Bind(ref found);
    }

    // The code stays for ever: there is no time at which no handler can be running.
    private static byte* Publish(FaultTables tables, byte* oldSegv, byte* oldBus)
    {
        var code = new X64Assembler();
        var page = HostCalls.Map(
            null, (nuint)GuestMemory.PageSize, HostCalls.ProtRead | HostCalls.ProtWrite, HostCalls.MapPrivate | HostCalls.MapAnonymous, -1, 0);
        if (page == HostCalls.Failed)
            throw new PlatformNotSupportedException($"The host refuses memory for a signal handler (errno {(int)HostCalls.LastError}).");
        code.Begin(page, page + GuestMemory.PageSize);
        Assemble(code, tables, oldSegv, oldBus);
        if (HostCalls.Protect(page, (nuint)GuestMemory.PageSize, HostCalls.ProtRead | HostCalls.ProtExecute) == 0)
            return page;
        // A host where nothing that was writable may become executable.
        _ = HostCalls.Unmap(page, (nuint)GuestMemory.PageSize);
        s_views = new ExecutableMemory((int)GuestMemory.PageSize, CodeMapping.TwoViews);
        s_views.TryBegin(0, out var start, out var end);
        code.Begin(start, end, s_views.ExecuteDelta);
        Assemble(code, tables, oldSegv, oldBus);
        s_views.Commit(code.Cursor);
        return s_views.ExecuteStart;
    }
}
