namespace Dbt.Bench.Comparing;

/// <summary>What was measured in one session.</summary>
/// <param name="Machine">Host and versions, line by line.</param>
/// <param name="Clock">What was measured: wall time, or user and system time.</param>
/// <param name="Runners">The columns.</param>
/// <param name="Measurements">Row by row.</param>
internal sealed record Comparison(IReadOnlyList<string> Machine, string Clock, IReadOnlyList<Runner> Runners, IReadOnlyList<Measurement> Measurements)
{
    /// <summary>The rows.</summary>
    public IReadOnlyList<Workload> Workloads => [.. Measurements.Select(measurement => measurement.Workload).Distinct()];

    /// <summary>The emulator that speeds refer to: qemu, or else the first one. Null without any.</summary>
    public Runner? Yardstick => Runners.FirstOrDefault(runner => runner.Kind == RunnerKind.Yardstick) ?? Emulators.FirstOrDefault();

    /// <summary>Columns that run guest code.</summary>
    public IEnumerable<Runner> Emulators => Runners.Where(runner => !runner.IsNative);

    /// <summary>The native build that fractions refer to; null without any.</summary>
    public Runner? Native => Runners.FirstOrDefault(runner => runner.Kind == RunnerKind.NativeWithoutVectors);

    /// <summary>One figure of the table; null where a runner did not run.</summary>
    public Measurement? Find(Workload workload, Runner runner) =>
        Measurements.FirstOrDefault(measurement => measurement.Workload == workload && measurement.Runner == runner);

    /// <summary>How fast a runner is, with another one's speed as 1; null where one of them has no figure.</summary>
    /// <param name="workload">The row.</param>
    /// <param name="runner">The runner.</param>
    /// <param name="base">The other one.</param>
    /// <param name="seconds">Which time.</param>
    public double? Speed(Workload workload, Runner runner, Runner @base, Func<Measurement, double?> seconds) =>
        Find(workload, runner) is { } measured && Find(workload, @base) is { } reference && seconds(measured) > 0 && seconds(reference) > 0
            ? seconds(reference) / seconds(measured)
            : null;

    /// <summary>The geometric mean of <see cref="Speed"/> over a group; NaN when it has none.</summary>
    public double MeanSpeed(string group, Runner runner, Runner @base, Func<Measurement, double?> seconds) =>
        Statistics.GeometricMean([.. Workloads.Where(workload => workload.Group == group).Select(workload => Speed(workload, runner, @base, seconds)).OfType<double>()]);
}
