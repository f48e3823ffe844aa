namespace Dbt.Bench.Tests;

/// <summary>Every micro-benchmark runs once.</summary>
public sealed class SuiteTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dbt-suite-");

    [Fact]
    public void Every_benchmark_runs_and_those_of_guests_leave_listings()
    {
        var result = BenchProcess.RunIn(_folder.FullName, "--filter", "*", "--job", "dry", "--inProcess");
        Assert.True(result.ExitCode == 0, result.Error);
        var artifacts = Path.Combine(_folder.FullName, "BenchmarkDotNet.Artifacts");
        var reports = Directory.GetFiles(Path.Combine(artifacts, "results"), "*-report.csv");
        string[] suites = ["Coding", "Compiler", "Embedding", "Engine", "Memory", "Process", "Transition"];
        Assert.Equal(suites.Select(suite => $"Dbt.Bench.{suite}Benchmarks-report.csv"), reports.Select(file => Path.GetFileName(file)).Order());
        // A benchmark that fails has no mean.
        foreach (var line in reports.SelectMany(report => File.ReadLines(report).Skip(1)))
            Assert.Matches(@",""?[0-9.,]+ (ns|μs|ms|s)""?,", line);

        string Listing(string name) => File.ReadAllText(Path.Combine(artifacts, "translations", name + ".txt"));
        Assert.Contains("ld t0,0(a0)\n", Listing("EngineBenchmarks-HotLoop-Engine=interpreter"), StringComparison.Ordinal);
        Assert.Contains("Bytes and host code", Listing("EngineBenchmarks-HotLoop-Engine=baseline"), StringComparison.Ordinal);
        Assert.Contains("ldind.i8", Listing("EngineBenchmarks-HotLoop-Engine=block"), StringComparison.Ordinal);
        Assert.Contains("MemoryLimit", Listing("MemoryBenchmarks-Access-Trusted=False-Engine=baseline"), StringComparison.Ordinal);
        Assert.DoesNotContain("MemoryLimit", Listing("MemoryBenchmarks-Access-Trusted=True-Engine=baseline"), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(true);
}
