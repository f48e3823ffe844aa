namespace Dbt.Embedding.Machines;

/// <summary>What to boot, and on what. Immutable.</summary>
public sealed record MachineOptions
{
    /// <summary>The machine: one of <see cref="Hypervisor.Machines"/>, and options of it behind commas, as in <c>virt-1,sstc=off</c>. A released version never changes.</summary>
    public string Machine { get; init; } = "virt-1";

    /// <summary>Bytes of RAM; a multiple of 4096.</summary>
    public ulong Memory { get; init; } = 512UL << 20;

    /// <summary>Harts, each on a thread of its own; see <see cref="Capability.MachineHarts"/>.</summary>
    public int Harts { get; init; } = 1;

    /// <summary>The kernel: a Linux Image.</summary>
    public required ReadOnlyMemory<byte> Kernel { get; init; }

    /// <summary>The initial RAM disk; none when empty.</summary>
    public ReadOnlyMemory<byte> Initrd { get; init; }

    /// <summary>The kernel's command line.</summary>
    public string Arguments { get; init; } = "";

    /// <summary>Disks, /dev/vda and so on in the guest.</summary>
    public IReadOnlyList<MachineDisk> Disks { get; init; } = [];

    /// <summary>Network cards; none, so that the guest reaches nothing.</summary>
    public IReadOnlyList<MachineNetwork> Networks { get; init; } = [];

    /// <summary>Directories of the host that the guest can mount.</summary>
    public IReadOnlyList<MachineFolder> Folders { get; init; } = [];

    /// <summary>Takes what the guest writes to its serial port, on threads of the machine; must not wait for long. Lost when null.</summary>
    public Action<ReadOnlyMemory<byte>>? Output { get; init; }
}
