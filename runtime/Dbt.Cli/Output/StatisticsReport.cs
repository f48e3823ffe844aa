using System.Globalization;
using Dbt.Lab.Profiling;
using Dbt.Translator.Engines;

namespace Dbt.Cli.Output;

/// <summary>What <c>--stats</c> writes.</summary>
internal static class StatisticsReport
{
    private const int MostOperations = 20;

    /// <summary>Writes the counters of an engine, and how fast it was.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="engine">The engine, as it was chosen.</param>
    /// <param name="counts">Its counters, when the guest has ended.</param>
    /// <param name="elapsed">How long it ran.</param>
    public static void Write(TextWriter output, string engine, EngineStatistics counts, TimeSpan elapsed)
    {
        var rate = counts.Instructions / Math.Max(1e-9, elapsed.TotalSeconds) / 1e6;
        Line(output, "engine", engine);
        Line(output, "instructions", Number(counts.Instructions));
        Line(output, "time", string.Create(CultureInfo.InvariantCulture, $"{Seconds(elapsed)} s, {rate:f1} million instructions a second"));
        WriteTiers(output, counts.Tiers);
        foreach (var tier in counts.Tiers)
            Line(output, tier.Name + " exits", string.Join(", ", tier.Exits.Select(exit => $"{ExitCauses.NameOf(exit.Key)} {Number(exit.Value)}")));
        foreach (var tier in counts.Tiers)
            foreach (var remark in tier.Remarks)
                Line(output, tier.Name, remark);
        Line(output, "handed over", HandedOver(counts.HandedOver));
        Line(output, "lookups", Number(counts.Lookups));
        Line(output, "invalidations", Number(counts.Invalidations));
        Line(output, "evictions", Number(counts.Evictions));
    }

    private static void WriteTiers(TextWriter output, IReadOnlyList<TierStatistics> tiers)
    {
        string[] titles = ["tier", "instructions", "seconds", "entries", "blocks", "their instructions", "their bytes", "translating s"];
        var rows = tiers.Select(tier => (string[])
        [
            tier.Name, Number(tier.Instructions), Seconds(tier.Time), Number(tier.Entries),
            Number(tier.Blocks), Number(tier.BlockInstructions), Number(tier.Bytes), Seconds(tier.TranslationTime),
        ]).Prepend(titles).ToList();
        foreach (var row in rows)
        {
            var cells = row.Select((cell, column) =>
                column == 0 ? cell.PadRight(16) : cell.PadLeft(rows.Max(other => other[column].Length)));
            output.WriteLine("dbt: " + string.Join("  ", cells));
        }
    }

    private static string HandedOver(IReadOnlyList<KeyValuePair<string, long>> operations)
    {
        if (operations.Count == 0)
            return "nothing";
        var all = operations.Sum(operation => operation.Value);
        var listed = operations.Take(MostOperations).Select(operation => $"{operation.Key} {Number(operation.Value)}");
        var more = operations.Count > MostOperations ? $", and {operations.Count - MostOperations} operations more" : "";
        return $"{Number(all)} instructions: {string.Join(", ", listed)}{more}";
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("f3", CultureInfo.InvariantCulture);

    private static void Line(TextWriter output, string name, string value) => output.WriteLine($"dbt: {name,-16}  {value}");

    private static string Number(long value) => value.ToString("n0", CultureInfo.InvariantCulture);
}
