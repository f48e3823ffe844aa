namespace Dbt.Embedding;

/// <summary>What a <see cref="VirtualMachine"/> is like. Immutable.</summary>
public sealed record VirtualMachineOptions
{
    internal const int MostAddressBits = 46;

    /// <summary>The instruction set: one of <see cref="Hypervisor.Guests"/>.</summary>
    public string Guest { get; init; } = "rv64";

    /// <summary>Extensions that are on, as an ISA string of the guest has them (<c>rv64imac</c>); all ratified ones when null.</summary>
    public string? Isa { get; init; }

    /// <summary>
    /// First guest address that can never be memory: a multiple of 4096, at most 2^46. Only reserved, and so free of cost.
    /// The last page below it is the library's.
    /// </summary>
    public ulong AddressSpace { get; init; } = 1UL << 36;

    /// <summary>Most bytes of memory that may be mapped. Stacks of <see cref="VirtualMachine.Call(string, ReadOnlySpan{ulong})"/> count.</summary>
    public ulong MemoryLimit { get; init; } = ulong.MaxValue;

    /// <summary>Bytes of host memory that translations of guest code may take before old ones are dropped; at least 1 MiB is used.</summary>
    public long TranslationBytes { get; init; } = 64L << 20;

    /// <summary>How guest code is executed.</summary>
    public EngineKind Engine { get; init; }

    /// <summary>
    /// Most guest instructions in a <see cref="VirtualMachine.Call(string, ReadOnlySpan{ulong})"/>; one that takes more fails. Without it a guest that never
    /// returns can be stopped by a cancellation token or <see cref="VirtualHart.Stop"/>.
    /// </summary>
    public long CallBudget { get; init; } = long.MaxValue;

    /// <summary>Bytes of stack that each hart gets for calls.</summary>
    public ulong StackBytes { get; init; } = 1UL << 20;
}
