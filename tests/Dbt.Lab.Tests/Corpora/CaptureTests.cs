using Dbt.Isa.Riscv;
using Dbt.Lab.Corpora;

namespace Dbt.Lab.Tests.Corpora;

public sealed class CaptureTests : IClassFixture<CapturedCorpus>
{
    private readonly CapturedCorpus _captured;

    public CaptureTests(CapturedCorpus captured) => _captured = captured;

    [Fact]
    public void The_hot_loop_is_captured_with_its_blocks_and_counts()
    {
        var region = CorpusFile.Read("x", File.ReadAllBytes(_captured.Path), [RiscvRv64.Instance]).Regions[0];
        Assert.Equal(CapturedCorpus.Length, region.Instructions);
        Assert.InRange(region.Share, 0.9, 1);
        // Four instructions a turn, in two blocks.
        Assert.All(region.Blocks, block => Assert.InRange(block.Count, CapturedCorpus.Length / 4 - 1, CapturedCorpus.Length / 4 + 1));
        Assert.Equal(4, region.Blocks.Sum(block => block.Length));
        Assert.Single(region.Pages);
    }

    [Theory]
    [InlineData("interpreter")]
    [InlineData("baseline")]
    [InlineData("baseline+trusted")]
    [InlineData("block")]
    [InlineData("auto")]
    public void Every_engine_ends_it_as_the_interpreter_did(string engine)
    {
        var output = DbtProcess.Run("lab", "replay", _captured.Path, "--engine", engine, "--runs", "3").Exits(0).Output;
        Assert.Matches(@"(?m)^count\+0x\w+ +\d+\.\d ?% +20,000 +\d+\.\d{3} ", output);
    }

    [Fact]
    public void Another_end_is_noticed()
    {
        var corpus = CorpusFile.Read("x", File.ReadAllBytes(_captured.Path), [RiscvRv64.Instance]);
        var region = corpus.Regions[0];
        var wrong = corpus with { Regions = [region with { EndDigest = [.. region.EndDigest.Reverse()] }] };
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder["wrong.corpus"], CorpusFile.Write(wrong));
        var line = DbtProcess.Run("lab", "replay", folder["wrong.corpus"], "--engine", "baseline").FailsInOneLine(1);
        Assert.Contains("baseline: executes the region count", line, StringComparison.Ordinal);
        Assert.Contains("otherwise than the interpreter did", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_engines_are_compared_region_by_region()
    {
        var result = DbtProcess.Run("lab", "diff", "baseline", "baseline+trusted", "--corpus", _captured.Path, "--threshold", "100000%", "--runs", "2").Exits(0);
        Assert.Matches(@"(?m)^Region +Share +A ns/insn +B ns/insn +B takes ", result.Output);
        Assert.Matches(@"(?m)^count\+0x\w+ +\d+\.\d ?% +\d\.\d{3} +\d\.\d{3} +\d+\.\d\d +\d+ +\d+", result.Output);
        Assert.Contains("B takes ", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Saved_figures_are_compared_with_what_is_measured_now()
    {
        using var folder = new TemporaryFolder();
        DbtProcess.Run("lab", "replay", _captured.Path, "--engine", "baseline", "--runs", "2", "--save", folder["a.json"]).Exits(0);
        var result = DbtProcess.Run("lab", "diff", folder["a.json"], "interpreter", "--corpus", _captured.Path, "--threshold", "1000000", "--runs", "2").Exits(0);
        Assert.Contains("A: baseline of ", result.Output, StringComparison.Ordinal);
        Assert.Contains("B: interpreter of ", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("not found", 127, "lab", "replay", "/nowhere/c")]
    [InlineData("is no corpus", 1, "lab", "replay", "/proc/self/cmdline")]
    [InlineData("no engine 'turbo'", 2, "lab", "replay", "/nowhere/c", "--engine", "turbo")]
    [InlineData("unknown option 'fast'", 2, "lab", "replay", "/nowhere/c", "--engine", "baseline+fast")]
    [InlineData("give --corpus", 2, "lab", "diff", "baseline", "block")]
    [InlineData("neither an engine nor a file", 2, "lab", "diff", "/nowhere/a.json", "/nowhere/b.json")]
    [InlineData("a percentage", 2, "lab", "diff", "a", "b", "--threshold", "much")]
    [InlineData("cannot be written", 1, "lab", "capture", "-o", "/nowhere/c", "/bin/true")]
    public void Says_in_one_line_what_is_wrong(string what, int code, params string[] arguments) =>
        Assert.Contains(what, DbtProcess.Run(arguments).FailsInOneLine(code), StringComparison.Ordinal);

    [Fact]
    public void A_program_without_hot_code_gives_no_corpus()
    {
        using var folder = new TemporaryFolder();
        var result = DbtProcess.Run("lab", "capture", "-o", folder["c"], DbtProcess.Guest("hello"), "-x").Exits(1);
        Assert.Contains("nothing in it is hot", result.Error, StringComparison.Ordinal);
        Assert.Equal("Hello from riscv64, -x!\n", result.Output);
    }
}
