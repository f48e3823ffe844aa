namespace Dbt.Bench.Tests;

/// <summary>What a run left.</summary>
public sealed record BenchResult(int ExitCode, string Output, string Error);
