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
        Assert.Contains("AccessViolationException", error, StringComparison.Ordinal);
        Assert.Equal(128 + 6, process.ExitCode);
    }
}
