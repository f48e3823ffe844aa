using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Dbt.Isa;
using Dbt.Isa.Riscv;
using Dbt.Runtime.Elf;
using Dbt.Runtime.Linux.Host;
using Dbt.Runtime.Linux.Processes;
using Dbt.Runtime.Linux.Syscalls;
using Dbt.Translator;
using Dbt.Translator.Hypercalls;

namespace Dbt.Runtime.Linux.Abi.Riscv;

/// <summary>64-bit RISC-V: the number in a7, arguments and result in a0 to a5 (RISC-V ELF psABI and Linux's arch/riscv).</summary>
public sealed unsafe class Riscv64Abi : LinuxAbi
{
    private const int ReturnAddressRegister = 1, StackPointerRegister = 2, FirstArgument = 10, CallNumberRegister = 17;
    private const int HardwareProbe = 258, FlushInstructionCache = 259;

    // ecall has no compressed form.
    private const ulong CallLength = 4;

    /// <inheritdoc/>
    internal override ReadOnlySpan<byte> SignalReturnCode =>
    [
        0x93, 0x08, 0xb0, 0x08, // li a7, 139
        0x73, 0x00, 0x00, 0x00, // ecall
    ];

    /// <inheritdoc/>
    internal override HypercallConvention CallConvention { get; } = new(
        CallNumberRegister,
        Function: -1,
        Arguments: [FirstArgument, FirstArgument + 1, FirstArgument + 2, FirstArgument + 3, FirstArgument + 4, FirstArgument + 5],
        Results: [FirstArgument]);

    /// <inheritdoc/>
    internal override Hypercall YieldCall => Hypercall.Call(&Yield);

    /// <inheritdoc/>
    internal override int MachineContextSize => Riscv64Context.Size;

    /// <inheritdoc/>
    public override string MachineName => "riscv64";

    /// <inheritdoc/>
    public override ElfMachine ElfMachine => ElfMachine.RiscV;

    /// <summary>That of Sv39, the smallest address space of a 64-bit Linux: every program copes with it.</summary>
    public override ulong AddressSpaceEnd => 1UL << 38;

    /// <summary>A bit for each of these letters that is on (arch/riscv/include/uapi/asm/hwcap.h).</summary>
    public override ulong HardwareCapabilities(GuestIsa isa, ExtensionSet extensions)
    {
        var bits = 0UL;
        foreach (var extension in isa.Extensions)
            if (extension.Name.Length == 1 && "IMAFDCV".Contains(extension.Name[0], StringComparison.Ordinal) && extensions.Contains(extension.Index))
                bits |= 1UL << extension.Name[0] - 'A';
        return bits;
    }

    /// <inheritdoc/>
    public override int CallNumber(Hart hart) => (int)Register(hart, CallNumberRegister);

    /// <inheritdoc/>
    public override SyscallArguments CallArguments(Hart hart) => new(
        Register(hart, FirstArgument),
        Register(hart, FirstArgument + 1),
        Register(hart, FirstArgument + 2),
        Register(hart, FirstArgument + 3),
        Register(hart, FirstArgument + 4),
        Register(hart, FirstArgument + 5));

    /// <inheritdoc/>
    public override void CompleteCall(Hart hart, long result)
    {
        Register(hart, FirstArgument) = (ulong)result;
        hart.State->Pc += CallLength;
    }

    /// <inheritdoc/>
    public override void Start(Hart hart, ulong entry, ulong stackPointer)
    {
        Register(hart, StackPointerRegister) = stackPointer;
        hart.State->Pc = entry;
    }

    /// <inheritdoc/>
    public override string CpuInformation(int processors, GuestIsa isa, ExtensionSet extensions)
    {
        var names = Enabled(isa, extensions);
        const string order = "IMAFDCV";
        var single = string.Concat(order.Where(letter => names.Contains(letter.ToString())).Select(char.ToLowerInvariant));
        var several = names.Where(name => name.Length > 1 && name[0] == 'Z').Select(name => $"_{name.ToLowerInvariant()}");
        var text = new StringBuilder();
        for (var i = 0; i < processors; i++)
            text.Append(CultureInfo.InvariantCulture, $"processor\t: {i}\nhart\t\t: {i}\nisa\t\t: rv64{single}{string.Concat(several)}\nmmu\t\t: sv39\n\n");
        return text.ToString();
    }

    /// <inheritdoc/>
    internal override ulong StackPointer(Hart hart) => Register(hart, StackPointerRegister);

    /// <inheritdoc/>
    internal override void SaveContext(Hart hart, Span<byte> context) => Riscv64Context.Save(hart, context);

    /// <inheritdoc/>
    internal override bool TryRestoreContext(Hart hart, ReadOnlySpan<byte> context) => Riscv64Context.TryRestore(hart, context);

    /// <inheritdoc/>
    internal override void EnterHandler(Hart hart, ulong handler, ulong stackPointer, ulong returnAddress, int signal, ulong info, ulong context)
    {
        Register(hart, ReturnAddressRegister) = returnAddress;
        Register(hart, StackPointerRegister) = stackPointer;
        Register(hart, FirstArgument) = (ulong)signal;
        Register(hart, FirstArgument + 1) = info;
        Register(hart, FirstArgument + 2) = context;
        hart.State->Pc = handler;
    }

    /// <inheritdoc/>
    internal override bool TryCall(GuestThread thread, int number, in SyscallArguments arguments, out long result)
    {
        switch (number)
        {
            case HardwareProbe:
                result = HardwareProbes.Answer(thread, arguments);
                return true;
            case FlushInstructionCache:
                result = Flush(thread, arguments);
                return true;
            default:
                result = 0;
                return false;
        }
    }

    /// <inheritdoc/>
    internal override string? SignatureOf(int number) => number switch
    {
        HardwareProbe => "riscv_hwprobe(ptr, uint, size, ptr, hex)",
        FlushInstructionCache => "riscv_flush_icache(ptr, ptr, hex)",
        _ => null,
    };

    [UnmanagedCallersOnly]
    private static int Yield(HartHeader* state)
    {
        ((RiscvState*)state)->X[FirstArgument] = (ulong)HostKernel.Call(SyscallNumber.sched_yield);
        return 1;
    }

    // riscv_flush_icache: (start, end, flags); flag 1: this thread only.
    private static long Flush(GuestThread thread, in SyscallArguments a)
    {
        if ((a.C & ~1UL) != 0)
            return -Errno.EINVAL;
        // The kernel flushes everything whatever the range says, and programs rely on it.
        thread.Process.FlushCode();
        return 0;
    }

    private static HashSet<string> Enabled(GuestIsa isa, ExtensionSet extensions) =>
        [.. isa.Extensions.Where(extension => extensions.Contains(extension.Index)).Select(extension => extension.Name)];

    // The general-purpose registers are the first file of every guest.
    private static ref ulong Register(Hart hart, int index)
    {
        var file = hart.Isa.RegisterFiles[0];
        return ref Unsafe.AsRef<ulong>((byte*)hart.State + file.Offset + index * file.Stride);
    }
}
