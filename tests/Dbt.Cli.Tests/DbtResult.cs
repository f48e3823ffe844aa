namespace Dbt.Cli.Tests;

/// <summary>What a run of <c>dbt</c> left.</summary>
public sealed record DbtResult(int ExitCode, string Output, string Error)
{
    /// <summary>What the host called the process.</summary>
    public int ProcessId { get; init; }

    /// <summary>Checks the exit code; shows both outputs when it is another one.</summary>
    public DbtResult Exits(int code)
    {
        Assert.True(ExitCode == code, $"exit code {ExitCode}, expected {code}\n--- output\n{Output}\n--- error\n{Error}");
        return this;
    }

    /// <summary>Checks that it failed with this code and said why in exactly one line on standard error.</summary>
    public string FailsInOneLine(int code)
    {
        Exits(code);
        var line = Assert.Single(Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("dbt: ", line, StringComparison.Ordinal);
        Assert.DoesNotContain("internal error", line, StringComparison.Ordinal);
        return line;
    }
}
