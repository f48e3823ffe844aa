namespace Dbt.Runtime.Machine.Boards.Riscv;

/// <summary>What the device tree tells the kernel of one start of the machine: the node <c>chosen</c>.</summary>
public sealed record VirtBoot
{
    /// <summary>The kernel's command line.</summary>
    public string Arguments { get; init; } = "";

    /// <summary>Guest physical address of the initial RAM disk.</summary>
    public ulong InitrdStart { get; init; }

    /// <summary>Bytes of the initial RAM disk; 0: there is none.</summary>
    public ulong InitrdLength { get; init; }

    /// <summary>Random bytes for the kernel's generator; none when empty.</summary>
    public ReadOnlyMemory<byte> RandomSeed { get; init; }
}
