using System.Globalization;
using System.Net;
using System.Text;

namespace Dbt.Bench.Comparing;

/// <summary>
/// A comparison as a chart: a bar for each emulator's speed on each workload, on a logarithmic scale with the yardstick's speed as 1. Its
/// colours follow the reader's choice of light or dark.
/// </summary>
internal static class SvgChart
{
    private const double LabelWidth = 130;
    private const double PlotWidth = 560;
    private const double ValueWidth = 60;
    private const double BarHeight = 13;
    private const double RowGap = 9;
    private const double GroupGap = 26;
    private const double Top = 74;

    // Told apart by people who do not see all colours, on white and on black.
    private static readonly string[] s_colours = ["#3b7dd8", "#e08a1e", "#2ca58d", "#b05cc8", "#d6455d", "#7a8a99"];

    /// <summary>The document; of steady states where they were measured.</summary>
    public static string Draw(Comparison comparison)
    {
        if (comparison.Yardstick is not { } yardstick)
            throw new ComparisonException("a chart needs an emulator that speeds refer to");
        var hasPhases = comparison.Measurements.Any(measurement => measurement.Steady is not null);
        Func<Measurement, double?> seconds = hasPhases ? measurement => measurement.Steady ?? measurement.Total : measurement => measurement.Total;
        var bars = comparison.Runners.Where(runner => runner != yardstick && runner.Kind != RunnerKind.Native).ToList();
        var rows = RowsOf(comparison, bars, yardstick, seconds);
        var values = rows.SelectMany(row => row.Values).OfType<double>().Append(1).ToList();
        var (low, high) = (Math.Floor(Math.Log2(values.Min())), Math.Max(1, Math.Ceiling(Math.Log2(values.Max()))));

        var body = new StringBuilder();
        var y = Top;
        string? group = null;
        foreach (var row in rows)
        {
            if (row.Group != group)
            {
                y += group is null ? 0 : GroupGap - RowGap;
                Text(body, 0, y + 10, "group", row.Group);
                y += 20;
                group = row.Group;
            }
            var height = bars.Count * BarHeight;
            Text(body, LabelWidth - 8, y + height / 2 + 4, row.IsMean ? "label mean" : "label", row.Name);
            for (var i = 0; i < bars.Count; i++)
                if (row.Values[i] is { } value)
                    Bar(body, Position(value), Position(1), y + i * BarHeight, i, value, $"{row.Name}, {bars[i].Name}");
            y += height + RowGap;
        }
        return Document(comparison, yardstick, hasPhases, bars, y, low, high, body, Position);

        double Position(double value) => LabelWidth + (Math.Log2(value) - low) / (high - low) * PlotWidth;
    }

    private sealed record Row(string Name, string Group, bool IsMean, IReadOnlyList<double?> Values);

    private static List<Row> RowsOf(Comparison comparison, List<Runner> bars, Runner yardstick, Func<Measurement, double?> seconds)
    {
        var rows = new List<Row>();
        foreach (var group in comparison.Workloads.GroupBy(workload => workload.Group))
        {
            var before = rows.Count;
            foreach (var workload in group)
                rows.Add(new(workload.Name, group.Key, false, [.. bars.Select(runner => comparison.Speed(workload, runner, yardstick, seconds))]));
            if (rows.Count > before + 1)
                rows.Add(new("geomean", group.Key, true, [.. bars.Select(runner => comparison.MeanSpeed(group.Key, runner, yardstick, seconds) is var mean && double.IsNaN(mean) ? (double?)null : mean)]));
        }
        return rows;
    }

    private static string Document(
        Comparison comparison, Runner yardstick, bool hasPhases, List<Runner> bars, double bottom, double low, double high, StringBuilder body, Func<double, double> position)
    {
        var width = LabelWidth + PlotWidth + ValueWidth;
        var height = bottom + 40 + 15 * comparison.Machine.Count;
        var svg = new StringBuilder();
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="-16 0 {width + 32:0} {height:0}" width="{width + 32:0}" height="{height:0}" role="img" aria-labelledby="title">""");
        svg.AppendLine($"<title id=\"title\">{Escape(TitleOf(yardstick, hasPhases))}</title>");
        svg.AppendLine(Style());
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<rect class="page" x="-16" y="0" width="{width + 32:0}" height="{height:0}"/>""");
        Text(svg, 0, 26, "title", TitleOf(yardstick, hasPhases));
        var x = 0.0;
        for (var i = 0; i < bars.Count; i++)
        {
            svg.AppendLine(CultureInfo.InvariantCulture, $"""<rect class="c{i % s_colours.Length}" x="{x:0}" y="42" width="11" height="11" rx="2"/>""");
            Text(svg, x + 17, 52, "legend", bars[i].Name);
            x += 34 + 7.2 * bars[i].Name.Length;
        }
        for (var power = low; power <= high; power++)
        {
            var at = position(Math.Pow(2, power));
            svg.AppendLine(CultureInfo.InvariantCulture, $"""<line class="{(power == 0 ? "one" : "grid")}" x1="{at:0.#}" x2="{at:0.#}" y1="{Top - 6:0}" y2="{bottom:0}"/>""");
            Text(svg, at, bottom + 14, "tick", power < 0 ? $"1/{Math.Pow(2, -power):0}" : $"{Math.Pow(2, power):0}×");
        }
        svg.Append(body);
        for (var i = 0; i < comparison.Machine.Count; i++)
            Text(svg, 0, bottom + 40 + 15 * i, "note", comparison.Machine[i]);
        return svg.AppendLine("</svg>").ToString();
    }

    private static string TitleOf(Runner yardstick, bool hasPhases) =>
        $"Speed relative to {yardstick.Name}, {(hasPhases ? "steady state" : "whole processes")}: to the right is faster";

    private static string Style()
    {
        var colours = string.Concat(s_colours.Select((colour, i) => $".c{i}{{fill:{colour}}}"));
        return $$$"""
            <style>
            text{font:12px system-ui,sans-serif;fill:#24292f}
            .page{fill:#fff}.title{font-size:15px;font-weight:600}.group{font-weight:600;fill:#57606a}.label{text-anchor:end}.mean{font-weight:600}
            .tick{text-anchor:middle;fill:#57606a;font-size:11px}.value{font-size:10px;fill:#57606a}.note{font-size:11px;fill:#57606a}
            .grid{stroke:#d8dee4}.one{stroke:#57606a;stroke-dasharray:3 2}
            {{{colours}}}
            @media (prefers-color-scheme:dark){text{fill:#e6edf3}.page{fill:#0d1117}.group,.tick,.value,.note{fill:#9da7b3}.grid{stroke:#30363d}.one{stroke:#9da7b3}}
            </style>
            """;
    }

    // From the yardstick's line to the speed, to the left when it is slower.
    private static void Bar(StringBuilder svg, double end, double one, double y, int colour, double value, string title)
    {
        var (x, width) = (Math.Min(end, one), Math.Max(1, Math.Abs(end - one)));
        svg.AppendLine(CultureInfo.InvariantCulture,
            $"""<rect class="c{colour % s_colours.Length}" x="{x:0.#}" y="{y:0.#}" width="{width:0.#}" height="{BarHeight - 2:0}" rx="2"><title>{Escape(title)}: {value:0.00}</title></rect>""");
        Text(svg, Math.Max(end, one) + 4, y + BarHeight - 4, "value", value.ToString("0.00", CultureInfo.InvariantCulture));
    }

    private static void Text(StringBuilder svg, double x, double y, string style, string text) =>
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<text class="{style}" x="{x:0.#}" y="{y:0.#}">{Escape(text)}</text>""");

    private static string Escape(string text) => WebUtility.HtmlEncode(text);
}
