using System.Text.RegularExpressions;

namespace Dbt.Cli.Tests;

/// <summary><c>dbt run</c> with small guests on every engine.</summary>
public sealed class RunTests
{
    public static TheoryData<string> Engines => [.. DbtProcess.Engines];

    [Theory]
    [MemberData(nameof(Engines))]
    public void Runs_the_sample_and_passes_arguments_as_they_are(string engine)
    {
        var result = DbtProcess.Run("run", "--engine", engine, DbtProcess.Guest("hello"), "--stats", "-x", "--", "a b", "").Exits(0);
        Assert.Contains("--stats", result.Output, StringComparison.Ordinal);
        Assert.Contains("-x", result.Output, StringComparison.Ordinal);
        Assert.Contains("a b", result.Output, StringComparison.Ordinal);
        Assert.Empty(result.Error);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Gives_the_exit_code_of_the_guest(string engine)
    {
        foreach (var code in (int[])[0, 1, 42, 255])
            DbtProcess.Run("run", "--engine", engine, DbtProcess.Guest("exit-code"), $"{code}").Exits(code);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Stops_after_the_maximum_of_instructions(string engine)
    {
        var line = DbtProcess.Run("run", "--engine", engine, "--max-instructions", "100000", DbtProcess.Guest("count"), "100000000").FailsInOneLine(124);
        Assert.Contains("100000", line, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Stats_count_instructions_on_standard_error(string engine)
    {
        var result = DbtProcess.Run("run", "--engine", engine, "--stats", DbtProcess.Guest("count"), "1000").Exits(0);
        var match = Regex.Match(result.Error, @"instructions\s+([\d,]+)");
        Assert.True(match.Success, result.Error);
        Assert.True(long.Parse(match.Groups[1].Value.Replace(",", ""), System.Globalization.CultureInfo.InvariantCulture) > 1000, result.Error);
    }

    // The long run, a million functions, is in tests/guests/README.md.
    [Theory]
    [InlineData("interpreter", "50000")]
    [InlineData("baseline", "50000")]
    [InlineData("block", "20000")]
    public void A_guest_that_generates_code_runs_what_it_wrote_and_takes_no_more_memory_than_it_may(string engine, string functions)
    {
        var result = DbtProcess.Run("run", "--engine", engine, "--cache", "4M", "--stats", DbtProcess.Guest("generate-code"), functions).Exits(0);
        Assert.EndsWith("less than 512 MiB taken\n", result.Output, StringComparison.Ordinal);
        var evictions = Regex.Match(result.Error, @"evictions\s+([\d,]+)");
        Assert.True(evictions.Success && evictions.Groups[1].Value != "0", result.Error);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void A_guest_may_reserve_address_space_as_large_run_times_do(string engine)
    {
        var result = DbtProcess.Run("run", "--engine", engine, DbtProcess.Guest("reserve")).Exits(0);
        Assert.Equal(13, result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.DoesNotContain("no\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Stats_tell_what_each_tier_did_and_why_it_was_left()
    {
        var error = DbtProcess.Run("run", "--stats", DbtProcess.Guest("count"), "100000").Exits(0).Error;
        Assert.Matches(@"tier\s+instructions\s+seconds\s+entries\s+blocks", error);
        Assert.Matches(@"interpreter\s+[\d,]+\s+0\.\d+", error);
        Assert.Matches(@"(baseline|block)\s+\d\d\d,\d\d\d\s+0\.\d+", error);
        Assert.Matches(@"exits\s.*system call", error);
        Assert.Matches(@"handed over\s", error);
    }

    [Fact]
    public void Strace_names_system_calls_on_standard_error_or_in_a_file()
    {
        Assert.Contains("write(", DbtProcess.Run("run", "--strace", DbtProcess.Guest("hello")).Exits(0).Error, StringComparison.Ordinal);

        var path = Path.GetTempFileName();
        try
        {
            Assert.Empty(DbtProcess.Run("run", $"--strace={path}", DbtProcess.Guest("hello")).Exits(0).Error);
            Assert.Contains("write(", File.ReadAllText(path), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void A_trusted_guest_runs_as_any_other(string engine) =>
        Assert.Contains("Hello", DbtProcess.Run("run", "--trusted", "--engine", engine, DbtProcess.Guest("hello")).Exits(0).Output, StringComparison.Ordinal);

    [Fact]
    public void Naming_a_draft_extension_warns() =>
        Assert.Contains("Zibi is a draft", DbtProcess.Run("run", "--isa", "+zibi", DbtProcess.Guest("hello")).Exits(0).Error, StringComparison.Ordinal);
}
