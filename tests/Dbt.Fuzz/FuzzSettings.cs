using Dbt.Fuzz.Comparisons;
using Dbt.Fuzz.Machines;

namespace Dbt.Fuzz;

/// <summary>What a run of random programs does.</summary>
/// <param name="Guest">For which guest.</param>
/// <param name="Comparisons">What each program is used for, as far as its style allows.</param>
internal sealed record FuzzSettings(FuzzGuest Guest, IReadOnlyList<IComparison> Comparisons)
{
    /// <summary>What programs are made from.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Number of the first program.</summary>
    public long First { get; init; }

    /// <summary>How many programs, for each style that the comparisons want.</summary>
    public long Programs { get; init; } = 1000;

    /// <summary>Programs that share a guest's memory, and a process under QEMU.</summary>
    public int BatchSize { get; init; } = 500;

    /// <summary>Host threads.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Ends the run after as many findings: the rest is mostly the same.</summary>
    public int MaximumFindings { get; init; } = 10;
}
