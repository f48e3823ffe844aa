namespace Dbt.Bench.Comparing;

/// <summary>The times of one runner on one workload.</summary>
/// <param name="Workload">The row.</param>
/// <param name="Runner">The column.</param>
/// <param name="Seconds">All the work: one figure a run.</param>
/// <param name="PartSeconds">A part of the work, when phases are told apart; else empty.</param>
/// <param name="Part">That part as a fraction of the work; 0 when there is none.</param>
/// <param name="CompileSeconds">Of it compiling, as Dbt tells; null when nobody tells.</param>
internal sealed record Measurement(
    Workload Workload, Runner Runner, IReadOnlyList<double> Seconds, IReadOnlyList<double> PartSeconds, double Part, double? CompileSeconds)
{
    /// <summary>The median of all the work.</summary>
    public double Total => Statistics.Median(Seconds);

    /// <summary>What all the work takes without what is done once; null when phases are not told apart.</summary>
    public double? Steady => PartSeconds.Count == 0 ? null : Math.Max(0, Total - Statistics.Median(PartSeconds)) / (1 - Part);

    /// <summary>What is done once, whatever the amount of work: process, runtime, loading, compiling. Null when phases are not told apart.</summary>
    public double? Once => Total - Steady;
}
