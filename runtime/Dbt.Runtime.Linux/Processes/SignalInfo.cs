using System.Runtime.InteropServices;
using Dbt.Runtime.Linux.Host;
using Dbt.Runtime.Linux.Syscalls;

namespace Dbt.Runtime.Linux.Processes;

/// <summary>
/// Why a signal was sent, as a handler sees it: asm-generic's siginfo_t, 128 bytes. What the union behind the first three
/// numbers holds depends on the code; of it an address or a sender is filled in.
/// </summary>
/// <param name="Signal">si_signo.</param>
/// <param name="Code">si_code: one of <see cref="SignalCode"/>.</param>
internal sealed record SignalInfo(Signal Signal, int Code)
{
    /// <summary>Bytes of a siginfo_t.</summary>
    public const int Size = 128;

    private const int CodeOffset = 8, UnionOffset = 16;

    /// <summary>si_addr of a signal that an instruction provoked; else si_pid in the low half and si_uid in the high one.</summary>
    public ulong Payload { get; private init; }

    /// <summary>The signal of an instruction that cannot be completed.</summary>
    /// <param name="signal">Which.</param>
    /// <param name="code">What is wrong.</param>
    /// <param name="address">What was accessed, or the instruction itself.</param>
    public static SignalInfo OfFault(Signal signal, int code, ulong address) => new(signal, code) { Payload = address };

    /// <summary>A signal that the guest's process sent.</summary>
    /// <param name="signal">Which.</param>
    /// <param name="code">How.</param>
    public static SignalInfo FromSelf(Signal signal, int code) =>
        new(signal, code) { Payload = (uint)Environment.ProcessId | (ulong)HostKernel.Call(SyscallNumber.getuid) << 32 };

    /// <summary>Fills the first <see cref="Size"/> bytes, as a siginfo_t.</summary>
    public void WriteTo(Span<byte> bytes)
    {
        bytes[..Size].Clear();
        MemoryMarshal.Write(bytes, (int)Signal);
        MemoryMarshal.Write(bytes[CodeOffset..], Code);
        MemoryMarshal.Write(bytes[UnionOffset..], Payload);
    }
}
