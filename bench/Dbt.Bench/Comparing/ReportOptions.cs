using System.CommandLine;

namespace Dbt.Bench.Comparing;

/// <summary>The options that say where a comparison is written to besides standard output.</summary>
internal sealed class ReportOptions
{
    private readonly Option<string?> _json = new("--json") { HelpName = "FILE", Description = "Write every figure as JSON" };

    private readonly Option<string?> _svg = new("--svg") { HelpName = "FILE", Description = "Draw the speeds" };

    private readonly Option<string?> _markdown = new("--markdown") { HelpName = "FILE", Description = "Write the tables to a file, too" };

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_json);
        command.Add(_svg);
        command.Add(_markdown);
    }

    /// <summary>Writes a comparison to standard output and wherever the command line says.</summary>
    public void Write(ParseResult line, Comparison comparison)
    {
        MarkdownReport.Write(Console.Out, comparison);
        if (line.GetValue(_markdown) is { } markdown)
        {
            using var output = new StreamWriter(markdown);
            MarkdownReport.Write(output, comparison);
        }
        if (line.GetValue(_json) is { } json)
        {
            using var output = File.Create(json);
            JsonReport.Write(output, comparison);
        }
        if (line.GetValue(_svg) is { } svg)
            File.WriteAllText(svg, SvgChart.Draw(comparison));
    }
}
