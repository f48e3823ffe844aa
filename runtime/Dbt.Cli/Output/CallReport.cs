using System.Globalization;
using Dbt.Translator.Hypercalls;

namespace Dbt.Cli.Output;

/// <summary>What <c>--stats</c> writes of calls: how often each was made, by how.</summary>
internal static class CallReport
{
    private const int MostCalls = 20;

    /// <summary>Writes the counters of a table.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="table">The table.</param>
    /// <param name="nameOf">The name of a call; null when it has none.</param>
    public static void Write(TextWriter output, HypercallTable table, Func<HypercallKey, string?> nameOf)
    {
        var made = table.Counts.Where(count => count.Total > 0).ToList();
        if (made.Count > 0)
        {
            string[] titles = ["call", "hot sites", "exits", "in the engine", "called", "inlined"];
            var rows = made.Take(MostCalls).Select(count => (string[])
            [
                nameOf(count.Key) ?? NumberOf(count.Key), count.Kind?.ToString().ToLowerInvariant() ?? "exit",
                Number(count.Exits), Number(count.Handled), Number(count.Cached), Number(count.Inlined),
            ]).Prepend(titles).ToList();
            foreach (var row in rows)
            {
                var cells = row.Select((cell, column) => column < 2
                    ? cell.PadRight(rows.Max(other => other[column].Length)) : cell.PadLeft(rows.Max(other => other[column].Length)));
                output.WriteLine("dbt: " + string.Join("  ", cells));
            }
            if (made.Count > MostCalls)
                output.WriteLine($"dbt: and {made.Count - MostCalls} calls more");
        }
        var sites = table.Sites;
        output.WriteLine(
            $"dbt: {"call sites",-16}  exit {sites[HypercallSiteState.Exit]}, cached {sites[HypercallSiteState.Cached]}, inlined {sites[HypercallSiteState.Inlined]}");
    }

    private static string NumberOf(HypercallKey key) => key.Function == 0
        ? string.Create(CultureInfo.InvariantCulture, $"0x{key.Number:x}")
        : string.Create(CultureInfo.InvariantCulture, $"0x{key.Number:x}, {key.Function}");

    private static string Number(long value) => value.ToString("n0", CultureInfo.InvariantCulture);
}
