namespace Dbt.Bench.Comparing;

/// <summary>How is measured.</summary>
internal sealed record ComparisonSettings
{
    /// <summary>How often each figure is taken.</summary>
    public int Runs { get; init; } = 5;

    /// <summary>Percent of each kernel's own amount of work.</summary>
    public int Percent { get; init; } = 100;

    /// <summary>Tells start-up, compiling and steady state apart.</summary>
    public bool Phases { get; init; }

    /// <summary>Takes user and system time instead of wall time.</summary>
    public bool MeasuresCpu { get; init; }

    /// <summary>After which a run is killed.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Percent of the shorter run by which steady state is told from the rest.</summary>
    public int PartPercent => Math.Max(1, Percent / 5);
}
