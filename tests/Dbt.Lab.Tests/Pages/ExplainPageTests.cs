using System.Text.RegularExpressions;

namespace Dbt.Lab.Tests.Pages;

public sealed class ExplainPageTests
{
    [Fact]
    public void Is_one_file_that_needs_no_other()
    {
        var page = PageOf("--engine", "baseline");
        Assert.StartsWith("<!DOCTYPE html>", page, StringComparison.Ordinal);
        Assert.DoesNotMatch("(src|href)=\"(?!#)", page);
        Assert.DoesNotContain("http", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("url(", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Shows_the_run_and_its_hottest_translation_first()
    {
        var page = PageOf("--engine", "baseline");
        Assert.Contains("<td>baseline</td>", page, StringComparison.Ordinal);
        Assert.Contains("Why baseline was left", page, StringComparison.Ordinal);
        Assert.Matches(@"<a href=""#u1""><b>[45]\d\.\d %</b>", page);
        var first = Regex.Match(page, "<section id=\"u1\">.*?</section>", RegexOptions.Singleline).Value;
        Assert.Contains("Where it was cut: it ends with a jump to 0x", first, StringComparison.Ordinal);
        Assert.Matches("<div class=\"guest\" data-g=\"0\" style=\"--heat:\\d+%\">", first);
        Assert.Matches("<div class=\"host\" data-g=\"0\">.*add ", first);
        Assert.Contains("<h3>Patch points</h3>", first, StringComparison.Ordinal);
        Assert.Contains("compiled in</span> <b>", first, StringComparison.Ordinal);
    }

    [Fact]
    public void Counts_are_near_the_truth()
    {
        var page = PageOf("--engine", "baseline");
        var count = Regex.Match(page, "about ([0-9,]+) times").Groups[1].Value.Replace(",", "", StringComparison.Ordinal);
        Assert.InRange(long.Parse(count, System.Globalization.CultureInfo.InvariantCulture), 1_800_000, 2_200_000);
    }

    [Fact]
    public void Has_the_IL_of_engines_that_emit_it()
    {
        var page = PageOf("--engine", "block");
        Assert.Contains("<div class=\"head\">IL</div>", page, StringComparison.Ordinal);
        Assert.Matches("<div class=\"il\" data-g=\"0\">ldarg|<div class=\"il\" data-g=\"0\"> *ldarg", page);
        Assert.Contains("<div class=\"host span\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Arguments_of_the_guest_are_its_own()
    {
        using var folder = new TemporaryFolder();
        var result = DbtProcess.Run("explain", "--html", folder["p.html"], DbtProcess.Guest("hello"), "--top", "<b>&").Exits(0);
        Assert.Equal("Hello from riscv64, --top <b>&!\n", result.Output);
        Assert.Contains("hello --top &lt;b&gt;&amp;</code>", File.ReadAllText(folder["p.html"]), StringComparison.Ordinal);
    }

    [Fact]
    public void The_hottest_are_there_as_text_too()
    {
        var output = DbtProcess.Run("explain", "--top", "1", DbtProcess.Guest("count"), "2000000").Exits(0).Output;
        Assert.Matches(@"(?m)^#1  [45]\d\.\d ?% of the instructions; its start was executed about [12],\d{3},\d{3} times$", output);
        Assert.Contains("it ends with a jump to 0x", output, StringComparison.Ordinal);
        Assert.DoesNotContain("#2", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Says_what_is_wrong()
    {
        Assert.Contains("cannot be written", DbtProcess.Run("explain", "--html", "/nowhere/x.html", DbtProcess.Guest("hello")).FailsInOneLine(1), StringComparison.Ordinal);
        Assert.Contains("not found", DbtProcess.Run("explain", "--top", "3", "/nowhere/guest").FailsInOneLine(127), StringComparison.Ordinal);
        Assert.Contains("unknown option '--frob'", DbtProcess.Run("explain", "--top", "3", "--frob", DbtProcess.Guest("hello")).FailsInOneLine(2), StringComparison.Ordinal);
    }

    private static string PageOf(params string[] options)
    {
        using var folder = new TemporaryFolder();
        DbtProcess.Run(["explain", "--html", folder["page.html"], .. options, DbtProcess.Guest("count"), "2000000"]).Exits(0);
        return File.ReadAllText(folder["page.html"]);
    }
}
