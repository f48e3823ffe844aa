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
    public void Markdown_is_the_reference_page_with_what_is_interpreted()
    {
        var output = DbtProcess.Run("isa", "--markdown").Exits(0).Output;
        Assert.StartsWith("# ", output, StringComparison.Ordinal);
        Assert.Contains("\n## Left to the interpreter\n", output, StringComparison.Ordinal);
        Assert.Contains("\n| Zicsr | `csrrw` | ", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Counts_and_names_instructions_that_the_baseline_compiler_has_no_pattern_for()
    {
        var output = DbtProcess.Run("isa").Exits(0).Output;
        Assert.Matches(@"(?m)^ ?Zifencei +2\.0 +ratified +1 +1 ", output);
        Assert.Matches(@"(?m)^ ?Zba +1\.0 +ratified +8 +0 ", output);
        Assert.Matches(@"(?m)^ ?fence\.i .* interpreted ", DbtProcess.Run("isa", "Zifencei").Exits(0).Output);
        Assert.Matches(@"(?m)^ ?sh1add .* \d+ bytes ", DbtProcess.Run("isa", "Zba").Exits(0).Output);
    }
}
