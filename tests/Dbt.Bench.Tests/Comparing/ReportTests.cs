using System.Text.Json;
using System.Xml.Linq;
using Dbt.Bench.Comparing;

namespace Dbt.Bench.Tests.Comparing;

public sealed class ReportTests
{
    private readonly Comparison _comparison = SampleComparison.Create();

    [Fact]
    public void Markdown_has_times_ratios_means_and_phases()
    {
        var output = new StringWriter();
        MarkdownReport.Write(output, _comparison);
        var text = output.ToString();
        Assert.Contains("| sieve | 1.000 | 4.000 | 2.000 | 0.25 | 0.50 | 2.00 |", text, StringComparison.Ordinal);
        Assert.Contains("| **integer, geomean** |  |  |  | **0.18** | **0.71** | **4.00** |", text, StringComparison.Ordinal);
        Assert.Contains("| sieve | 1.000 | 4.000 | 1.000 | 0.25 | 1.00 | 4.00 |", text, StringComparison.Ordinal);
        Assert.Contains("| sieve | 0 | 0 | 1000 (*125*) |", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_has_every_figure()
    {
        var output = new MemoryStream();
        JsonReport.Write(output, _comparison);
        var root = JsonDocument.Parse(output.ToArray()).RootElement;
        Assert.Equal(1, root.GetProperty("version").GetInt32());
        var qemu = root.GetProperty("measurements").EnumerateArray().First(measurement => measurement.GetProperty("runner").GetString() == "qemu");
        Assert.Equal([3.9, 4.0, 9.0], qemu.GetProperty("seconds").EnumerateArray().Select(value => value.GetDouble()));
        Assert.Equal(4, qemu.GetProperty("median").GetDouble());
    }

    [Fact]
    public void The_chart_is_well_formed_and_has_a_bar_for_each_speed()
    {
        var svg = XDocument.Parse(SvgChart.Draw(_comparison));
        var titles = svg.Descendants().Where(element => element.Name.LocalName == "rect").Elements().Select(title => title.Value).ToList();
        Assert.Contains("sieve, auto: 4.00", titles);
        Assert.Contains("geomean, auto: 5.66", titles);
        Assert.DoesNotContain(titles, title => title.Contains("qemu", StringComparison.Ordinal));
        Assert.Contains("prefers-color-scheme:dark", svg.ToString(), StringComparison.Ordinal);
    }
}
