namespace Dbt.Bench.Booting;

/// <summary>What machine boots what, how often.</summary>
internal sealed record MachineSettings
{
    /// <summary>The kernel's Image.</summary>
    public required string Kernel { get; init; }

    /// <summary>The initial RAM disk.</summary>
    public required string Initrd { get; init; }

    /// <summary>How often each figure is taken.</summary>
    public int Runs { get; init; } = 3;

    /// <summary>RAM in megabytes.</summary>
    public int Memory { get; init; } = 512;

    /// <summary>Harts.</summary>
    public int Harts { get; init; } = 1;

    /// <summary>Megabytes that go through the disk; an eighth of them goes through the network.</summary>
    public int TransferSize { get; init; } = 256;

    /// <summary>After which a machine is killed.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromMinutes(10);
}
