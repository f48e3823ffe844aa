using System.Globalization;
using Dbt.Runtime.Linux;

namespace Dbt.Cli.Output;

/// <summary>What <c>--stats</c> writes.</summary>
internal static class StatisticsReport
{
    /// <summary>Writes the counters of a process that has ended, and how fast it was.</summary>
    public static void Write(TextWriter output, LinuxProcess process, TimeSpan elapsed)
    {
        var counts = process.Engine.Statistics;
        var rate = counts.Instructions / Math.Max(1e-9, elapsed.TotalSeconds) / 1e6;
        Line(output, "engine", process.Engine.Name);
        Line(output, "instructions", Number(counts.Instructions));
        Line(output, "time", string.Create(CultureInfo.InvariantCulture, $"{elapsed.TotalSeconds:f3} s, {rate:f1} million instructions a second"));
        Line(output, "translated", $"{Number(counts.TranslatedBlocks)} blocks, {Number(counts.TranslatedInstructions)} instructions");
        Line(output, "translating took", string.Create(CultureInfo.InvariantCulture, $"{counts.TranslationTime.TotalSeconds:f3} s"));
        Line(output, "interpreted", Number(counts.InterpretedInstructions));
        Line(output, "invalidations", Number(counts.Invalidations));
        Line(output, "evictions", Number(counts.Evictions));
    }

    private static void Line(TextWriter output, string name, string value) => output.WriteLine($"dbt: {name,-16} {value}");

    private static string Number(long value) => value.ToString("n0", CultureInfo.InvariantCulture);
}
