using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;

namespace Dbt.Bench.Comparing;

/// <summary>Where benchmarks run, and the commands that make what they need.</summary>
internal static class BenchHost
{
    /// <summary>The repository's folder.</summary>
    public static string Root { get; } = typeof(BenchHost).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "RepositoryRoot").Value!;

    /// <summary>Where <see cref="PublishDbt"/> puts the command.</summary>
    public static string PublishedDbt { get; } = Path.Combine(Root, "artifacts", "dbt", "dbt");

    /// <summary>Publishes <c>dbt</c> as its users get it.</summary>
    /// <exception cref="ComparisonException">That failed.</exception>
    public static void PublishDbt() =>
        Run("dotnet", "publish", Path.Combine(Root, "runtime", "Dbt.Cli"), "-c", "Release", "-o", Path.GetDirectoryName(PublishedDbt)!, "-v", "q", "-nologo");

    /// <summary>Runs a command whose output goes to standard error.</summary>
    /// <exception cref="ComparisonException">It failed.</exception>
    public static void Run(params string[] words)
    {
        using var process = Process.Start(new ProcessStartInfo(words[0], words[1..]) { RedirectStandardOutput = true })!;
        process.OutputDataReceived += (_, line) => Console.Error.WriteLine(line.Data);
        process.BeginOutputReadLine();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new ComparisonException($"'{string.Join(' ', words)}' failed with exit code {process.ExitCode}");
    }

    /// <summary>The processor and the day, then the version of each command, line by line.</summary>
    /// <param name="firstLine">The first line that a command writes; null when there is none.</param>
    /// <param name="runners">The columns.</param>
    public static IReadOnlyList<string> Describe(Func<string[], string?> firstLine, IEnumerable<Runner> runners)
    {
        var processor = File.ReadLines("/proc/cpuinfo").FirstOrDefault(text => text.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim();
        var lines = new List<string> { string.Create(CultureInfo.InvariantCulture, $"{processor ?? RuntimeInformation.ProcessArchitecture.ToString()}, {Environment.ProcessorCount} processors; {DateTime.UtcNow:yyyy-MM-dd}") };
        foreach (var program in runners.Where(runner => !runner.IsNative).Select(runner => runner.Words[0]).Distinct())
            if (firstLine([program, "--version"]) is { Length: > 0 } version)
                lines.Add(version);
        return lines;
    }
}
