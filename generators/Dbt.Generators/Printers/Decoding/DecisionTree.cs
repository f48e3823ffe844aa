using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Printers.Decoding;

/// <summary>
/// Prints the way from bits to a row as nested switches: at each level over the run of bits that all rows left fix and
/// that tells most of them apart. Rows that share all fixed bits are tested one by one, special cases first.
/// </summary>
internal sealed class DecisionTree
{
    private const int WidestSwitch = 7;

    private readonly CodeWriter writer;
    private readonly Action<CodeWriter, RowModel, uint> leaf;

    /// <param name="writer">Where to print.</param>
    /// <param name="leaf">Prints the end of the way to a row; gets the fixed bits that nobody has tested yet.</param>
    public DecisionTree(CodeWriter writer, Action<CodeWriter, RowModel, uint> leaf)
    {
        this.writer = writer;
        this.leaf = leaf;
    }

    public void Print(IReadOnlyList<RowModel> rows, uint tested)
    {
        var common = rows.Aggregate(uint.MaxValue, (mask, row) => mask & row.Mask) & ~tested;
        var run = rows.Count < 2 ? default : Runs(common)
            .OrderByDescending(candidate => rows.Select(row => row.Match & Mask(candidate)).Distinct().Count())
            .FirstOrDefault();
        if (rows.Count < 2 || common == 0 || rows.Select(row => row.Match & Mask(run)).Distinct().Count() == 1)
        {
            foreach (var row in SpecialCasesFirst(rows))
                leaf(writer, row, row.Mask & ~tested);
            return;
        }
        writer.Open($"switch (bits >> {run.Low} & 0x{(1u << run.High - run.Low + 1) - 1:x}u)");
        foreach (var group in rows.GroupBy(row => (row.Match & Mask(run)) >> run.Low).OrderBy(group => group.Key))
        {
            writer.Line($"case {group.Key}:");
            writer.Indent();
            Print(group.ToArray(), tested | Mask(run));
            writer.Line("break;");
            writer.Outdent();
        }
        writer.Close();
    }

    private static uint Mask((int High, int Low) run) => (uint)((1L << run.High + 1) - (1L << run.Low));

    private static IEnumerable<(int High, int Low)> Runs(uint mask)
    {
        for (var high = 31; high >= 0; high--)
        {
            if ((mask >> high & 1) == 0)
                continue;
            var low = high;
            while (low > 0 && (mask >> low - 1 & 1) != 0 && high - low + 1 < WidestSwitch)
                low--;
            yield return (high, low);
            high = low;
        }
    }

    private static IEnumerable<RowModel> SpecialCasesFirst(IReadOnlyList<RowModel> rows) =>
        rows.OrderByDescending(row => Depth(row, rows));

    private static int Depth(RowModel row, IReadOnlyList<RowModel> rows) =>
        rows.FirstOrDefault(other => row.Over.Length > 0 && other.Mnemonic == row.Over) is { } wide ? 1 + Depth(wide, rows) : 0;
}
