using Dbt.Lab.Corpora;

namespace Dbt.Lab.Tests.Corpora;

public sealed class ReplayComparisonTests
{
    private static readonly ReplayResult s_before = Result("aa", 100, 100, 100);

    [Fact]
    public void The_worst_regression_comes_first()
    {
        var comparison = new ReplayComparison(s_before, Result("aa", 90, 150, 110));
        Assert.Equal(["r1", "r2", "r0"], comparison.Pairs.Select(pair => pair.A.Title));
        Assert.Equal(2, comparison.Regressions(0.05));
        Assert.Equal(1, comparison.Regressions(0.2));
        Assert.Equal(Math.Pow(0.9 * 1.5 * 1.1, 1 / 3.0), comparison.Mean, 9);
    }

    [Fact]
    public void Different_corpora_are_not_compared() =>
        Assert.Contains("different corpora", Assert.Throws<LabException>(() => new ReplayComparison(s_before, Result("bb", 1, 1, 1))).Message, StringComparison.Ordinal);

    [Fact]
    public void Files_come_back_as_they_were_written()
    {
        var read = ResultFile.Read("x", ResultFile.Write(s_before));
        Assert.Equal((s_before.Engine, s_before.Build, s_before.Corpus), (read.Engine, read.Build, read.Corpus));
        Assert.Equal(s_before.Regions, read.Regions);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("{\"kind\":\"dbt lab replay\",\"version\":7}")]
    public void What_is_no_such_file_is_refused(string text) =>
        Assert.Throws<LabException>(() => ResultFile.Read("x", System.Text.Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("9%", 1)]
    [InlineData("11%", 0)]
    public void The_exit_code_tells_whether_it_got_slower(string threshold, int code)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["a.json"], ResultFile.Write(s_before));
        File.WriteAllBytes(folder["b.json"], ResultFile.Write(Result("aa", 100, 110, 90)));
        var result = DbtProcess.Run("lab", "diff", folder["a.json"], folder["b.json"], "--threshold", threshold).Exits(code);
        Assert.Equal(code == 1, result.Output.Contains("1.10 !", StringComparison.Ordinal));
    }

    private static ReplayResult Result(string corpus, params double[] nanoseconds) => new("baseline", "1.0", corpus,
        [.. nanoseconds.Select((time, i) => new ReplayedRegion((ulong)(0x1000 * i), $"r{i}", 0.2, 1000, time, 5, 2, 64, i == 0 ? 12.5 : null))]);
}
