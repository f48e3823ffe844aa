using Dbt.Isa;
using Dbt.Runtime.Linux.Abi;
using Dbt.Runtime.Linux.Syscalls;
using Dbt.Runtime.Memory;
using Dbt.Translator.Engines;

namespace Dbt.Runtime.Linux;

/// <summary>How a Linux program is started. Immutable.</summary>
public sealed record LinuxProcessOptions
{
    /// <summary>Bytes of the guest's stack; below it lies a guard, so that an overflow is a SIGSEGV.</summary>
    public const ulong StackSize = 8 << 20;

    /// <summary>The program: a guest path when it is absolute and exists in the sysroot, else a host path.</summary>
    public required string Program { get; init; }

    /// <summary>The guest's instruction set.</summary>
    public required GuestIsa Isa { get; init; }

    /// <summary>How Linux looks on it.</summary>
    public required LinuxAbi Abi { get; init; }

    /// <summary>Makes the engine that executes the guest.</summary>
    public required Func<GuestIsa, IEngine> CreateEngine { get; init; }

    /// <summary>Extensions that are on; those of the instruction set by default when null.</summary>
    public ExtensionSet? Extensions { get; init; }

    /// <summary>The guest's arguments, without its own name.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>What the guest is told as its own name (argv[0]); <see cref="Program"/> when null.</summary>
    public string? ArgumentZero { get; init; }

    /// <summary>The guest's environment, as NAME=VALUE.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    /// <summary>
    /// The host's descriptors that become the guest's standard input, output and error: this process's own by default. Of others
    /// the guest gets duplicates, so they stay the caller's to close.
    /// </summary>
    public IReadOnlyList<int> StandardFiles { get; init; } = [0, 1, 2];

    /// <summary>A host directory whose files the guest sees instead of the host's; null for none.</summary>
    public string? Sysroot { get; init; }

    /// <summary>Bytes of memory that the guest may map.</summary>
    public ulong MemoryLimit { get; init; } = ulong.MaxValue;

    /// <summary>Bytes of address space that the guest may use.</summary>
    public ulong AddressSpace { get; init; } = GuestMemory.DefaultSize;

    /// <summary>Guest instructions after which it is stopped.</summary>
    public long MaximumInstructions { get; init; } = long.MaxValue;

    /// <summary>Where each system call is reported; null for nowhere.</summary>
    public TextWriter? Trace { get; init; }

    /// <summary>Where it is reported that the guest was killed; null for nowhere.</summary>
    public TextWriter? Diagnostics { get; init; }

    /// <summary>
    /// Decides which calls a guest may make: for one that is refused it gets EPERM. Null allows all, with the rights of this
    /// process: user mode keeps the guest out of the runtime's memory and descriptors, not away from the user's files.
    /// </summary>
    public Func<SyscallNumber, bool>? Allow { get; init; }

    /// <summary>
    /// Calls that need nothing of the process are made without leaving the engine, and patched into translated code where they are hot. Nobody may want to see
    /// or to refuse them: with <see cref="Trace"/> or <see cref="Allow"/> it counts as false.
    /// </summary>
    public bool PatchesCalls { get; init; } = true;
}
