using System.Diagnostics;

namespace Dbt.Runtime.Tests.Faults;

/// <summary>Faults that are nobody's guest's end the process, as they do without our handler.</summary>
public sealed class FatalFaultTests
{
    [Theory]
    [InlineData(Program.OutsideOfWindow)]
    [InlineData(Program.UnregisteredThread)]
    [InlineData(Program.AfterDispose)]
    public void Other_faults_stay_fatal(string scenario)
    {
        var (exitCode, error) = Run(scenario);
        Assert.Contains("AccessViolationException", error, StringComparison.Ordinal);
        Assert.Equal(128 + 6, exitCode);
    }

    [Theory]
    [InlineData(Program.EmittedOnUnregisteredThread, 128 + 11)]
    [InlineData(Program.EmittedAfterRemoval, 128 + 11)]
    [InlineData(Program.Emitted, Program.Recovered)]
    public void Emitted_code_recovers_only_in_its_range_and_on_registered_threads(string scenario, int exitCode) =>
        Assert.Equal(exitCode, Run(scenario).ExitCode);

    private static (int ExitCode, string Error) Run(string scenario)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["exec", typeof(Program).Assembly.Location, scenario])
        {
            RedirectStandardError = true,
            Environment = { ["DOTNET_DbgEnableMiniDump"] = "0" },
        };
        // Under a test host the process may not be the dotnet command itself.
        if (Path.GetFileNameWithoutExtension(start.FileName) != "dotnet")
            start.FileName = "dotnet";
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, error);
    }
}
