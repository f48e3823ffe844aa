using System.Runtime.InteropServices;
using Dbt.Runtime.Memory;

namespace Dbt.Runtime.Faults;

/// <summary>
/// The signal handler of <see cref="HostFaults"/>. It is machine code, since managed code cannot run in a signal handler:
/// the thread may be anywhere, in the garbage collector even.
/// </summary>
internal static unsafe class FaultHandler
{
    // Offsets in what the kernel passes on x86-64 (asm/siginfo.h, asm/sigcontext.h).
    private const byte SignalInfoAddress = 16;
    private const uint ContextRip = 40 + 16 * 8;
    private const uint ContextErrorCode = 40 + 19 * 8;

    /// <summary>Puts the handler in front of the runtime's handlers for SIGSEGV and SIGBUS, for the rest of the process's life.</summary>
    /// <exception cref="PlatformNotSupportedException">The host is not x86-64 Linux, or has no such handlers.</exception>
    public static void Install(FaultTables tables)
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
            throw new PlatformNotSupportedException(
                $"Catching faults of guest memory needs an x86-64 Linux host, and this is {RuntimeInformation.RuntimeIdentifier}.");
        SignalAction segv, bus;
        if (HostSignals.SetAction(HostSignals.SigSegv, null, &segv) != 0 || HostSignals.SetAction(HostSignals.SigBus, null, &bus) != 0
            || !IsHandler(segv) || !IsHandler(bus))
            throw new PlatformNotSupportedException("The .NET runtime does not handle SIGSEGV and SIGBUS on this host.");
        // Same flags and mask as the runtime's: its handlers expect the stack that they asked for.
        var handler = Publish(Assemble(tables, segv.Handler, bus.Handler));
        segv.Handler = bus.Handler = handler;
        if (HostSignals.SetAction(HostSignals.SigSegv, &segv, null) != 0 || HostSignals.SetAction(HostSignals.SigBus, &bus, null) != 0)
            throw new PlatformNotSupportedException($"The host refuses a signal handler (errno {Marshal.GetLastPInvokeError()}).");
    }

    private static bool IsHandler(SignalAction action) =>
        (nuint)action.Handler > 1 && (action.Flags & SignalAction.HasSignalInfo) != 0;

    // void handler(int signal /* edi */, siginfo_t* info /* rsi */, ucontext_t* context /* rdx */)
    // rax, rcx and r8 to r11 are free; everything else, the stack included, stays as it is for the old handler.
    private static byte[] Assemble(FaultTables tables, byte* oldSegv, byte* oldBus)
    {
        const byte Below = 0x72, Equal = 0x74, NotEqual = 0x75, Always = 0xEB;
        var code = new StubWriter();

        // Is the address in a guest's window?
        code.Bytes(0x48, 0x8B, 0x46, SignalInfoAddress);            // mov rax, [rsi + si_addr]
        code.Bytes(0x49, 0xB8);                                     // mov r8, windows
        code.Immediate64((ulong)tables.Windows);
        code.Bytes(0xB9);                                           // mov ecx, WindowCount
        code.Immediate32(FaultTables.WindowCount);
        code.Label("window");
        code.Bytes(0x49, 0x89, 0xC1);                               // mov r9, rax
        code.Bytes(0x4D, 0x2B, 0x08);                               // sub r9, [r8]             start
        code.Bytes(0x4D, 0x3B, 0x48, 0x08);                         // cmp r9, [r8 + 8]         length
        code.Jump(Below, "thread");                                 // jb  thread
        code.Bytes(0x49, 0x83, 0xC0, FaultWindow.Size);             // add r8, size of an entry
        code.Bytes(0xFF, 0xC9);                                     // dec ecx
        code.Jump(NotEqual, "window");                              // jnz window
        code.Jump(Always, "forward");                               // jmp forward

        // Is the thread registered? r9 = its pointer, r8 = index, r11 = entry.
        code.Label("thread");
        code.Bytes(0x64, 0x4C, 0x8B, 0x0C, 0x25, 0, 0, 0, 0);       // mov r9, fs:[0]
        code.Bytes(0x49, 0xB8);                                     // mov r8, HashFactor
        code.Immediate64(FaultTables.HashFactor);
        code.Bytes(0x4D, 0x0F, 0xAF, 0xC1);                         // imul r8, r9
        code.Bytes(0x49, 0xC1, 0xE8, 64 - FaultTables.ThreadCountShift); // shr r8, 64 - ThreadCountShift
        code.Bytes(0x49, 0xBA);                                     // mov r10, threads
        code.Immediate64((ulong)tables.Threads);
        code.Bytes(0xB9);                                           // mov ecx, ThreadCount
        code.Immediate32(FaultTables.ThreadCount);
        code.Label("probe");
        code.Bytes(0x4D, 0x89, 0xC3);                               // mov r11, r8
        code.Bytes(0x49, 0xC1, 0xE3, ThreadFaultEntry.SizeShift);   // shl r11, SizeShift
        code.Bytes(0x4D, 0x01, 0xD3);                               // add r11, r10
        code.Bytes(0x4D, 0x39, 0x0B);                               // cmp [r11], r9
        code.Jump(Equal, "found");                                  // je  found
        code.Bytes(0x49, 0x83, 0x3B, (byte)ThreadFaultEntry.Unused); // cmp qword [r11], Unused
        code.Jump(Equal, "forward");                                // je  forward
        code.Bytes(0x41, 0xFF, 0xC0);                               // inc r8d
        code.Bytes(0x41, 0x81, 0xE0);                               // and r8d, ThreadCount - 1
        code.Immediate32(FaultTables.ThreadCount - 1);
        code.Bytes(0xFF, 0xC9);                                     // dec ecx
        code.Jump(NotEqual, "probe");                               // jnz probe
        code.Jump(Always, "forward");                               // jmp forward

        // Leave word, and make it look like a null pointer.
        code.Label("found");
        code.Bytes(0x48, 0x63, 0xCF);                               // movsxd rcx, edi
        code.Bytes(0x49, 0x89, 0x4B, 8);                            // mov [r11 + 8], rcx       Fault.Signal
        code.Bytes(0x49, 0x89, 0x43, 16);                           // mov [r11 + 16], rax      Fault.Address
        code.Bytes(0x48, 0x8B, 0x8A);                               // mov rcx, [rdx + RIP]
        code.Immediate32(ContextRip);
        code.Bytes(0x49, 0x89, 0x4B, 24);                           // mov [r11 + 24], rcx      Fault.InstructionPointer
        code.Bytes(0x8B, 0x8A);                                     // mov ecx, [rdx + ERR]     page fault error code
        code.Immediate32(ContextErrorCode);
        code.Bytes(0xD1, 0xE9);                                     // shr ecx, 1               bit 1: a write
        code.Bytes(0x83, 0xE1, 1);                                  // and ecx, 1
        code.Bytes(0x49, 0x89, 0x4B, 32);                           // mov [r11 + 32], rcx      Fault.IsWrite
        code.Bytes(0x48, 0xC7, 0x46, SignalInfoAddress, 0, 0, 0, 0); // mov qword [rsi + si_addr], 0

        // On to the handler that was there before.
        code.Label("forward");
        code.Bytes(0x48, 0xB8);                                     // mov rax, old SIGSEGV handler
        code.Immediate64((ulong)oldSegv);
        code.Bytes(0x83, 0xFF, HostSignals.SigSegv);                // cmp edi, SIGSEGV
        code.Jump(Equal, "jump");                                   // je  jump
        code.Bytes(0x48, 0xB8);                                     // mov rax, old SIGBUS handler
        code.Immediate64((ulong)oldBus);
        code.Label("jump");
        code.Bytes(0xFF, 0xE0);                                     // jmp rax
        return code.ToArray();
    }

    // The code's page stays for ever: there is no time at which no handler can be running.
    private static byte* Publish(byte[] code)
    {
        var page = HostCalls.Map(
            null, (nuint)GuestMemory.PageSize, HostCalls.ProtRead | HostCalls.ProtWrite, HostCalls.MapPrivate | HostCalls.MapAnonymous, -1, 0);
        if (page != HostCalls.Failed)
        {
            code.CopyTo(new Span<byte>(page, (int)GuestMemory.PageSize));
            if (HostCalls.Protect(page, (nuint)GuestMemory.PageSize, HostCalls.ProtRead | HostCalls.ProtExecute) == 0)
                return page;
        }
        throw new PlatformNotSupportedException($"The host refuses memory for a signal handler (errno {(int)HostCalls.LastError}).");
    }
}
