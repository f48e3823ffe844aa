using System.Diagnostics;
using System.Reflection;

namespace Dbt.Cli.Tests;

/// <summary>Runs the built <c>dbt</c>, and what it is compared with.</summary>
internal static class DbtProcess
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>Folder of the repository.</summary>
    public static readonly string Root = typeof(DbtProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "RepositoryRoot").Value!;

    /// <summary>Engines as <c>--engine</c> takes them.</summary>
    public static readonly string[] Engines = ["auto", "interpreter", "baseline", "block"];

    /// <summary>The apphost beside the tests: also an ELF file of the host.</summary>
    public static string Executable { get; } = Path.Combine(AppContext.BaseDirectory, "dbt");

    /// <summary>A prebuilt guest.</summary>
    public static string Guest(string name) => Path.Combine(Root, "tests", "guests", "bin", name);

    /// <summary>Runs it without input.</summary>
    public static DbtResult Run(params string[] arguments) => Run(new Dictionary<string, string?>(), arguments);

    /// <summary>Runs it with changes of the environment; null takes a variable away.</summary>
    public static DbtResult Run(IReadOnlyDictionary<string, string?> environment, params string[] arguments) =>
        Run(Executable, environment, arguments);

    /// <summary>Runs another command.</summary>
    public static DbtResult Run(string command, IReadOnlyDictionary<string, string?> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(command, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Limit))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{command} {string.Join(' ', arguments)} still runs after {Limit}");
        }
        process.WaitForExit();
        return new DbtResult(process.ExitCode, output.Result, error.Result) { ProcessId = process.Id };
    }
}
