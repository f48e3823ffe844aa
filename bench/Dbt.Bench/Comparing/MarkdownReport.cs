using System.Globalization;

namespace Dbt.Bench.Comparing;

/// <summary>A comparison as Markdown tables. Ratios are speeds: 2.00 is twice as fast as what stands behind the slash.</summary>
internal static class MarkdownReport
{
    /// <summary>Writes the tables.</summary>
    public static void Write(TextWriter output, Comparison comparison)
    {
        foreach (var line in comparison.Machine)
            output.WriteLine(line);
        output.WriteLine();
        output.WriteLine($"Whole processes, {comparison.Clock}, medians of {comparison.Measurements.Max(measurement => measurement.Seconds.Count)}:");
        output.WriteLine();
        WriteTable(output, comparison, measurement => measurement.Total, hasSeconds: true);
        if (comparison.Measurements.All(measurement => measurement.Steady is null))
            return;
        output.WriteLine();
        output.WriteLine("Steady state, without what is done once (the slope between two amounts of work):");
        output.WriteLine();
        WriteTable(output, comparison, measurement => measurement.Steady, hasSeconds: true);
        output.WriteLine();
        output.WriteLine("What is done once, in milliseconds: start of process and runtime, loading, compiling (*of it compiling*, as Dbt tells):");
        output.WriteLine();
        WriteOnce(output, comparison);
    }

    private static void WriteTable(TextWriter output, Comparison comparison, Func<Measurement, double?> seconds, bool hasSeconds)
    {
        var pairs = PairsOf(comparison);
        var titles = comparison.Runners.Where(_ => hasSeconds).Select(runner => $"{runner.Name} s").Concat(pairs.Select(pair => $"{pair.Runner.Name} / {pair.Base.Name}"));
        WriteHeader(output, titles);
        foreach (var group in comparison.Workloads.GroupBy(workload => workload.Group))
        {
            foreach (var workload in group.Where(workload => comparison.Runners.Any(runner => comparison.Find(workload, runner) is { } found && seconds(found) is not null)))
            {
                var times = comparison.Runners.Select(runner => comparison.Find(workload, runner) is { } found ? Number(seconds(found), "f3") : "");
                var speeds = pairs.Select(pair => Number(comparison.Speed(workload, pair.Runner, pair.Base, seconds), "f2"));
                WriteRow(output, workload.Name, times.Concat(speeds));
            }
            var means = pairs.Select(pair => comparison.MeanSpeed(group.Key, pair.Runner, pair.Base, seconds)).ToList();
            if (means.Any(mean => !double.IsNaN(mean)))
                WriteRow(output, $"**{group.Key}, geomean**", comparison.Runners.Select(_ => "").Concat(means.Select(mean => double.IsNaN(mean) ? "" : $"**{Number(mean, "f2")}**")));
        }
    }

    private static void WriteOnce(TextWriter output, Comparison comparison)
    {
        WriteHeader(output, comparison.Runners.Select(runner => runner.Name));
        foreach (var workload in comparison.Workloads)
        {
            if (comparison.Measurements.All(measurement => measurement.Workload != workload || measurement.Once is null))
                continue;
            WriteRow(output, workload.Name, comparison.Runners.Select(runner => comparison.Find(workload, runner) is { Once: { } once } found
                ? Number(once * 1e3, "f0") + (found.CompileSeconds is { } compiling ? $" (*{Number(compiling * 1e3, "f0")}*)" : "")
                : ""));
        }
    }

    // Each emulator beside native code and beside the yardstick.
    private static List<(Runner Runner, Runner Base)> PairsOf(Comparison comparison)
    {
        var pairs = new List<(Runner, Runner)>();
        foreach (var runner in comparison.Emulators)
        {
            if (comparison.Native is { } native)
                pairs.Add((runner, native));
            if (comparison.Yardstick is { } yardstick && yardstick != runner)
                pairs.Add((runner, yardstick));
        }
        return pairs;
    }

    private static void WriteHeader(TextWriter output, IEnumerable<string> titles)
    {
        WriteRow(output, "workload", titles);
        output.WriteLine("|---|" + string.Concat(titles.Select(_ => "--:|")));
    }

    private static void WriteRow(TextWriter output, string name, IEnumerable<string> cells) => output.WriteLine($"| {name} |{string.Concat(cells.Select(cell => $" {cell} |"))}");

    private static string Number(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "";
}
