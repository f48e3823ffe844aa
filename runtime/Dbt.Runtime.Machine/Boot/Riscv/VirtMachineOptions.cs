using Dbt.Runtime.Machine.Boards.Riscv;
using Dbt.Runtime.Machine.Virtio;

namespace Dbt.Runtime.Machine.Boot.Riscv;

/// <summary>What to boot, and on what.</summary>
public sealed record VirtMachineOptions
{
    /// <summary>Which machine.</summary>
    public VirtOptions Board { get; init; } = new();

    /// <summary>Bytes of RAM; a multiple of 4096.</summary>
    public ulong Memory { get; init; } = 512UL << 20;

    /// <summary>Number of harts, 1 to <see cref="VirtBoard.MaxHarts"/>.</summary>
    public int Harts { get; init; } = 1;

    /// <summary>The virtio devices, in the order in which the guest finds them.</summary>
    public IReadOnlyList<VirtioOptions> Virtio { get; init; } = [];

    /// <summary>Firmware for M mode: an ELF file, or bytes for the beginning of RAM. When empty, the hypervisor answers S mode's calls.</summary>
    public ReadOnlyMemory<byte> Firmware { get; init; }

    /// <summary>The kernel: a Linux Image, or a program in an ELF file. May be empty when there is firmware.</summary>
    public ReadOnlyMemory<byte> Kernel { get; init; }

    /// <summary>The initial RAM disk; none when empty.</summary>
    public ReadOnlyMemory<byte> Initrd { get; init; }

    /// <summary>The kernel's command line.</summary>
    public string Arguments { get; init; } = "";

    /// <summary>
    /// Calls of the kernel that a hart can answer itself are made without leaving its engine, and patched into translated code where they are hot.
    /// </summary>
    public bool PatchesCalls { get; init; } = true;

    /// <summary>A snapshot of such a machine to go on from, instead of booting; null for none.</summary>
    public string? Snapshot { get; init; }
}
