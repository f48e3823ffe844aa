using System.ComponentModel;
using System.Globalization;
using System.Security.Cryptography;

namespace Dbt.Bench.Comparing;

/// <summary>Runs workloads in turns, takes their times, and sees to it that all runners give the same result.</summary>
/// <param name="settings">How.</param>
/// <param name="progress">Gets a line a workload.</param>
internal sealed class Measurer(ComparisonSettings settings, TextWriter progress) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dbt-compare-");

    private string Output => Path.Combine(_folder.FullName, "output");

    private string Errors => Path.Combine(_folder.FullName, "errors");

    /// <summary>Measures one row.</summary>
    /// <exception cref="ComparisonException">A runner failed, or gave another result than the first one.</exception>
    public List<Measurement> Measure(Workload workload, IReadOnlyList<Runner> runners)
    {
        progress.WriteLine($"compare: {workload.Name}");
        workload.Prepare();
        var chosen = runners.Where(workload.IsFor).ToList();
        var percents = settings.Phases && workload.HasPhases ? new[] { settings.Percent, settings.PartPercent } : [settings.Percent];
        var seconds = chosen.ToDictionary(runner => runner, _ => percents.Select(_ => new List<double>()).ToArray());
        var expected = new string?[percents.Length];
        for (var run = 0; run < settings.Runs; run++)
            foreach (var runner in chosen)
                for (var i = 0; i < percents.Length; i++)
                {
                    var result = Run(workload, runner, workload.Command(runner, percents[i]));
                    seconds[runner][i].Add((settings.MeasuresCpu ? result.Cpu : result.Wall).TotalSeconds);
                    var digest = Digest();
                    expected[i] ??= digest;
                    if (digest != expected[i])
                        throw new ComparisonException($"{workload.Name}: {runner.Name} writes something else than {chosen[0].Name}");
                }
        return [.. chosen.Select(runner => new Measurement(
            workload,
            runner,
            seconds[runner][0],
            percents.Length > 1 ? seconds[runner][1] : [],
            percents.Length > 1 ? (double)settings.PartPercent / settings.Percent : 0,
            settings.Phases && runner.Kind == RunnerKind.Dbt ? CompileSeconds(workload, runner) : null))];
    }

    /// <summary>The first line that a command writes; null when there is no such command.</summary>
    public string? FirstLine(params string[] words)
    {
        try
        {
            ChildProcess.Run(words, "/dev/null", Output, Errors, settings.Limit);
            return File.ReadLines(Output).FirstOrDefault();
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    /// <summary>The seconds of the last column of <c>--stats</c>' table of tiers, added; null when there is no table.</summary>
    internal static double? TranslatingSeconds(IEnumerable<string> statistics)
    {
        const string Prefix = "dbt: ";
        double? sum = null;
        foreach (var line in statistics.SkipWhile(line => !line.StartsWith(Prefix + "tier ", StringComparison.Ordinal)).Skip(1))
        {
            var cells = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (cells.Length < 8 || cells[2] == "exits" || !double.TryParse(cells[^1], NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds))
                break;
            sum = (sum ?? 0) + seconds;
        }
        return sum;
    }

    /// <summary>Removes what the programs wrote.</summary>
    public void Dispose() => _folder.Delete(true);

    private ChildResult Run(Workload workload, Runner runner, IReadOnlyList<string> words)
    {
        try
        {
            var result = ChildProcess.Run(words, workload.Input, Output, Errors, settings.Limit);
            return result.ExitCode == 0 ? result : throw new ComparisonException(
                $"{workload.Name}: {runner.Name} failed with exit code {result.ExitCode}: {string.Join(' ', words)}: {File.ReadAllText(Errors).Trim()}");
        }
        catch (Win32Exception error)
        {
            throw new ComparisonException($"{runner.Name} cannot be started: {error.Message}");
        }
    }

    // Asked for in a run of its own, since reading the clock costs time.
    private double? CompileSeconds(Workload workload, Runner runner)
    {
        var counting = runner with { Words = [.. runner.Words, "--stats"] };
        Run(workload, counting, workload.Command(counting, settings.Percent));
        return TranslatingSeconds(File.ReadLines(Errors));
    }

    private string Digest()
    {
        using var file = File.OpenRead(Output);
        return Convert.ToHexString(SHA256.HashData(file));
    }
}
