using Dbt.Bench.Comparing;

namespace Dbt.Bench.Booting;

/// <summary>Something that a machine does after it booted: a row of the tables.</summary>
/// <param name="Name">Title of the row; what <c>tests/guests/machine/init</c> is asked for.</param>
/// <param name="Group">What it is averaged with.</param>
internal sealed record MachineWork(string Name, string Group) : Workload(Name, Group)
{
    /// <summary>From the start of the process to the guest's first process.</summary>
    public static MachineWork Init { get; } = new("to init", "boot");

    /// <summary>From the start of the process to its end, when the guest has nothing to do but to switch itself off.</summary>
    public static MachineWork Off { get; } = new("to power-off", "boot");

    /// <summary>All rows that init knows.</summary>
    public static IReadOnlyList<MachineWork> All { get; } =
    [
        new("shell", "compute"),
        new("gzip", "compute"),
        new("sha256", "compute"),
        new("threads", "compute"),
        new("syscalls", "kernel"),
        new("switches", "kernel"),
        new("forks", "kernel"),
        new("disk-write", "devices"),
        new("disk-read", "devices"),
        new("net-get", "devices"),
        new("net-put", "devices"),
    ];

    /// <summary>Those with one of these names or in one of these groups, or <c>all</c>.</summary>
    /// <exception cref="ComparisonException">A name is unknown.</exception>
    public static IReadOnlyList<MachineWork> Select(IReadOnlyList<string> names) =>
        [.. names.SelectMany(name => All.Where(work => name == "all" || name == work.Name || name == work.Group).ToList() is { Count: > 0 } found ? found
            : name == Init.Group ? (IEnumerable<MachineWork>)[]
            : throw new ComparisonException($"no work '{name}': one of all, boot, {string.Join(", ", All.Select(work => work.Group).Distinct().Concat(All.Select(work => work.Name)))}")).Distinct()];

    /// <summary>Not used: one boot does several rows.</summary>
    /// <inheritdoc/>
    public override IReadOnlyList<string> Command(Runner runner, int percent) => throw new NotSupportedException();
}
