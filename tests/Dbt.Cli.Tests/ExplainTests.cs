namespace Dbt.Cli.Tests;

public sealed class ExplainTests
{
    [Fact]
    public void Shows_guest_code_IL_and_host_code()
    {
        var output = DbtProcess.Run("explain", "00b50533", "8082").Exits(0).Output;
        Assert.Contains("add\ta0,a0,a1".Replace('\t', ' '), output, StringComparison.Ordinal);
        Assert.Matches(@"(?m)\badd\b", output);
        Assert.Matches(@"(?m)^\s*[0-9A-Fa-f]{12,16} .*\bret\b|\bjmp\b", output);
        Assert.DoesNotContain('\e', output);
    }
}
