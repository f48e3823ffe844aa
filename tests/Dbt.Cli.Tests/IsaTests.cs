namespace Dbt.Cli.Tests;

public sealed class IsaTests
{
    [Fact]
    public void Lists_extensions_with_status_and_marks_drafts()
    {
        var output = DbtProcess.Run("isa").Exits(0).Output;
        Assert.Matches(@"(?m)^ ?M +2\.0 +ratified +\d+ ", output);
        Assert.Matches(@"(?m)^ ?Zibi +\S+ +DRAFT +2 ", output);
        Assert.DoesNotContain('\e', output);
    }

    [Fact]
    public void Lists_instructions_of_an_extension_with_encoding_semantics_and_source()
    {
        var line = DbtProcess.Run("isa", "zba").Exits(0).Output.Split('\n').Single(text => text.TrimStart().StartsWith("sh1add ", StringComparison.Ordinal));
        Assert.Contains("0010000..........010.....0110011", line, StringComparison.Ordinal);
        Assert.Contains("rd = (rs1 << 1) + rs2", line, StringComparison.Ordinal);
        Assert.Matches(@"riscv/zba\.isa:\d+$", line.TrimEnd());
    }

    [Fact]
    public void An_extension_that_only_implies_others_says_so() =>
        Assert.Contains("it implies Zba, Zbb, Zbs", DbtProcess.Run("isa", "B").Exits(0).Output, StringComparison.Ordinal);

    [Fact]
    public void Markdown_is_the_reference_page() =>
        Assert.StartsWith("# ", DbtProcess.Run("isa", "--markdown").Exits(0).Output, StringComparison.Ordinal);
}
