namespace Dbt.Bench.Tests.Comparing;

public sealed class CompareTests
{
    private static readonly string s_dbt = Path.Combine(AppContext.BaseDirectory, "dbt");

    [Fact]
    public void Runs_everything_in_turns_and_writes_all_forms()
    {
        var folder = Directory.CreateTempSubdirectory("dbt-bench-");
        try
        {
            var (json, svg) = (Path.Combine(folder.FullName, "c.json"), Path.Combine(folder.FullName, "c.svg"));
            var result = Compare("-w", "hello", "--engines", "interpreter,baseline", "--json", json, "--svg", svg);
            Assert.True(result.ExitCode == 0, result.Error);
            Assert.Matches(@"(?m)^\| workload \| interpreter s \| baseline s \| baseline / interpreter \|$", result.Output);
            Assert.Matches(@"(?m)^\| hello \| 0\.\d+ \| 0\.\d+ \| \d+\.\d\d \|$", result.Output);
            Assert.Contains("\"seconds\"", File.ReadAllText(json), StringComparison.Ordinal);
            Assert.StartsWith("<svg", File.ReadAllText(svg), StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(true);
        }
    }

    [Fact]
    public void Fails_when_a_runner_writes_something_else()
    {
        var result = Compare("-w", "hello", "--engines", "interpreter", "--peer", "liar=echo");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("compare: hello: liar writes something else than interpreter", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("failed with exit code 3", "--peer", "broken=/bin/sh -c exit${IFS}3")]
    [InlineData("cannot be started", "--peer", "absent=/nowhere/at-all")]
    [InlineData("two columns", "--peer", "interpreter=echo")]
    [InlineData("no workload 'tetris'", "-w", "tetris")]
    [InlineData("takes a positive number", "--runs", "0")]
    public void Says_in_one_line_what_is_wrong(string what, params string[] arguments)
    {
        var result = Compare(["--engines", "interpreter", .. arguments[0] == "-w" ? [] : (string[])["-w", "hello"], .. arguments]);
        Assert.Equal(1, result.ExitCode);
        var line = Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => line != "compare: hello");
        Assert.Contains(what, line, StringComparison.Ordinal);
    }

    private static BenchResult Compare(params string[] arguments)
    {
        string[] runs = arguments.Contains("--runs") ? [] : ["--runs", "1"];
        return BenchProcess.Run(["compare", "--dbt", s_dbt, "--no-qemu", .. runs, .. arguments]);
    }
}
