namespace Dbt.Cli.Tests;

public sealed class HelpTests
{
    [Theory]
    [InlineData("--help")]
    [InlineData("run", "--help")]
    [InlineData("disasm", "--help")]
    [InlineData("isa", "--help")]
    [InlineData("explain", "--help")]
    [InlineData("machine", "--help")]
    [InlineData("lab", "--help")]
    [InlineData("lab", "snippet", "--help")]
    [InlineData("lab", "capture", "--help")]
    [InlineData("lab", "replay", "--help")]
    [InlineData("lab", "diff", "--help")]
    [InlineData("run", "-h")]
    public void Help_shows_usage_and_examples(params string[] arguments)
    {
        var help = DbtProcess.Run(arguments).Exits(0);
        Assert.Empty(help.Error);
        Assert.Contains("Usage:\n  dbt ", help.Output, StringComparison.Ordinal);
        Assert.Contains("Examples:\n  # ", help.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', help.Output);
    }

    [Fact]
    public void Help_of_run_says_that_options_come_first() =>
        Assert.Contains("dbt run [options] [--] <PROGRAM> [<ARGS>...]", DbtProcess.Run("run", "--help").Output, StringComparison.Ordinal);

    [Fact]
    public void Help_of_run_warns_of_what_is_dangerous() =>
        Assert.Matches(@"--trusted +DANGEROUS", DbtProcess.Run("run", "--help").Output);

    [Fact]
    public void Version_names_product_and_runtime() =>
        Assert.Matches(@"^dbt \d+\.\d+\.\d+\S* \(\.NET \S+, \S+\)\n$", DbtProcess.Run("--version").Exits(0).Output);
}
