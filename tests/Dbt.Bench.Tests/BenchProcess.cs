using System.Diagnostics;
using System.Reflection;

namespace Dbt.Bench.Tests;

/// <summary>Runs the built benchmarks.</summary>
internal static class BenchProcess
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary>Folder of the repository.</summary>
    public static string Root { get; } = typeof(BenchProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "RepositoryRoot").Value!;

    /// <summary>Runs them with these arguments.</summary>
    public static BenchResult Run(params string[] arguments) => Run(null, arguments);

    /// <summary>The same in a folder, where they leave their results, without a PATH: they would ask the SDK for its version.</summary>
    public static BenchResult RunIn(string folder, params string[] arguments) => Run(folder, arguments);

    private static BenchResult Run(string? folder, string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Dbt.Bench"), arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? "",
        };
        if (folder is not null)
            start.Environment["PATH"] = "";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Limit))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"Dbt.Bench {string.Join(' ', arguments)} still runs after {Limit}");
        }
        process.WaitForExit();
        return new BenchResult(process.ExitCode, output.Result, error.Result);
    }
}
