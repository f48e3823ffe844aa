using Dbt.Isa;
using Dbt.Runtime.Elf;
using Dbt.Runtime.Linux.Processes;
using Dbt.Runtime.Linux.Syscalls;
using Dbt.Translator;
using Dbt.Translator.Hypercalls;

namespace Dbt.Runtime.Linux.Abi;

/// <summary>
/// What Linux does differently on one architecture: registers of a system call, the start of a process, names and
/// capabilities. Structures and call numbers are asm-generic's for every architecture here. Immutable.
/// </summary>
public abstract class LinuxAbi
{
    /// <summary>What uname calls the machine.</summary>
    public abstract string MachineName { get; }

    /// <summary>The processor that its ELF files name.</summary>
    public abstract ElfMachine ElfMachine { get; }

    /// <summary>First address behind what Linux lets a process use; the stack lies below it.</summary>
    public abstract ulong AddressSpaceEnd { get; }

    /// <summary>AT_HWCAP: what libc and programs look at to choose code.</summary>
    public abstract ulong HardwareCapabilities(GuestIsa isa, ExtensionSet extensions);

    /// <summary>The number of the system call that the hart stands at.</summary>
    public abstract int CallNumber(Hart hart);

    /// <summary>The arguments of the system call that the hart stands at.</summary>
    public abstract SyscallArguments CallArguments(Hart hart);

    /// <summary>Completes the system call that the hart stands at: stores the result, or a negative error, and steps over the instruction.</summary>
    public abstract void CompleteCall(Hart hart, long result);

    /// <summary>Sets a fresh hart to a program's first instruction.</summary>
    public abstract void Start(Hart hart, ulong entry, ulong stackPointer);

    /// <summary>The text of /proc/cpuinfo.</summary>
    public abstract string CpuInformation(int processors, GuestIsa isa, ExtensionSet extensions);

    /// <summary>The registers of system calls.</summary>
    internal abstract HypercallConvention CallConvention { get; }

    /// <summary>sched_yield, made by the host.</summary>
    internal abstract Hypercall YieldCall { get; }

    /// <summary>Whether struct sigaction has a restorer.</summary>
    internal virtual bool HasSignalRestorer => false;

    /// <summary>
    /// Instructions that make the call rt_sigreturn, where handlers return to on architectures without a restorer: exactly those of Linux's
    /// vDSO, since unwinders know a signal's frame by them. Empty on others.
    /// </summary>
    internal virtual ReadOnlySpan<byte> SignalReturnCode => [];

    /// <summary>Bytes of struct sigcontext, uc_mcontext of a ucontext_t.</summary>
    internal abstract int MachineContextSize { get; }

    /// <summary>The register that points to the stack.</summary>
    internal abstract ulong StackPointer(Hart hart);

    /// <summary>Stores all registers as a struct sigcontext.</summary>
    internal abstract void SaveContext(Hart hart, Span<byte> context);

    /// <summary>Loads all registers from a struct sigcontext. False, and no change, when it cannot be one.</summary>
    internal abstract bool TryRestoreContext(Hart hart, ReadOnlySpan<byte> context);

    /// <summary>Sets the registers for a call of a signal handler.</summary>
    /// <param name="hart">The registers.</param>
    /// <param name="handler">Its address.</param>
    /// <param name="stackPointer">Its stack.</param>
    /// <param name="returnAddress">Where it returns to.</param>
    /// <param name="signal">Its first argument.</param>
    /// <param name="info">Its second argument, the address of a siginfo_t.</param>
    /// <param name="context">Its third argument, the address of a ucontext_t.</param>
    internal abstract void EnterHandler(Hart hart, ulong handler, ulong stackPointer, ulong returnAddress, int signal, ulong info, ulong context);

    /// <summary>Handles a call of this architecture alone; false when it is none.</summary>
    internal virtual bool TryCall(GuestThread thread, int number, in SyscallArguments arguments, out long result)
    {
        result = 0;
        return false;
    }

    /// <summary>How such a call is traced: a line as in <see cref="Tracing.SyscallSignatures"/>, or null.</summary>
    internal virtual string? SignatureOf(int number) => null;
}
