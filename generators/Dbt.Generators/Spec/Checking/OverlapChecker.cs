using Dbt.Generators.Spec.Model;
using Dbt.Generators.Spec.Reading;

namespace Dbt.Generators.Spec.Checking;

/// <summary>Finds rows that claim the same bits without saying so.</summary>
internal static class OverlapChecker
{
    public static void Check(IsaModel isa, IReadOnlyList<(ExtensionModel Extension, RowModel Row)> rows, DiagnosticBag diagnostics)
    {
        var reported = new HashSet<(RowModel, RowModel)>();
        foreach (var variant in isa.Variants)
        {
            var mine = rows.Where(row => row.Row.Variants.Contains(variant.Name)).ToArray();
            for (var i = 0; i < mine.Length; i++)
            {
                CheckOver(variant, mine[i].Row, mine.Select(row => row.Row), diagnostics, reported);
                for (var j = 0; j < i; j++)
                    if (!IsOver(mine[i].Row, mine[j].Row, mine.Select(row => row.Row))
                        && !IsOver(mine[j].Row, mine[i].Row, mine.Select(row => row.Row))
                        && TryFindCommon(isa, variant, mine[i].Row, mine[j].Row, out var common)
                        && reported.Add((mine[i].Row, mine[j].Row)))
                        diagnostics.Add("DBT116", mine[i].Row.Location, mine[i].Row.Mnemonic, mine[j].Row.Mnemonic,
                            mine[j].Extension.Name, "0x" + common.ToString(mine[i].Row.Length == 4 ? "x8" : "x4"));
            }
        }
    }

    /// <summary>Whether a row says, directly or through others, that it is a special case of another.</summary>
    public static bool IsOver(RowModel row, RowModel other, IEnumerable<RowModel> rows)
    {
        for (var depth = 0; row.Over.Length > 0 && depth < 8; depth++)
        {
            if (row.Over == other.Mnemonic)
                return true;
            if (rows.FirstOrDefault(candidate => candidate.Mnemonic == row.Over) is not { } next)
                return false;
            row = next;
        }
        return false;
    }

    private static void CheckOver(
        VariantModel variant, RowModel row, IEnumerable<RowModel> rows, DiagnosticBag diagnostics, HashSet<(RowModel, RowModel)> reported)
    {
        if (row.Over.Length == 0)
            return;
        if (rows.FirstOrDefault(other => other.Mnemonic == row.Over) is not { } wide)
        {
            if (reported.Add((row, row)))
                diagnostics.Add("DBT118", row.OverLocation, row.Over, variant.Name,
                    Suggestion.For(row.Over, rows.Select(other => other.Mnemonic)));
            return;
        }
        var isNoSpecialCase = ReferenceEquals(row, wide)
            || row.Length != wide.Length || (wide.Mask & ~row.Mask) != 0 || (row.Match & wide.Mask) != wide.Match;
        if (isNoSpecialCase && reported.Add((row, wide)))
            diagnostics.Add("DBT117", row.OverLocation, row.Mnemonic, wide.Mnemonic);
    }

    // Two rows with compatible fixed bits overlap, unless each common encoding has an excluded value in one of them.
    private static bool TryFindCommon(IsaModel isa, VariantModel variant, RowModel left, RowModel right, out uint common)
    {
        var example = common = left.Match | right.Match;
        if (left.Length != right.Length || ((left.Match ^ right.Match) & left.Mask & right.Mask) != 0)
            return false;
        var mask = left.Mask | right.Mask;
        var match = left.Match | right.Match;
        foreach (var field in left.Fields.Concat(right.Fields))
            if (IsAlwaysExcluded(isa, variant, field, mask, match))
                return false;
        foreach (var field in left.Fields.Concat(right.Fields))
            if (field.Excluded.Any(value => ((field.Encode(value) ^ example) & field.Mask()) == 0))
                example |= field.Mask() & ~mask;
        common = example;
        return true;
    }

    private static bool IsAlwaysExcluded(IsaModel isa, VariantModel variant, FieldModel field, uint mask, uint match)
    {
        var maximum = field.Maximum(isa, variant);
        if ((field.Mask() & ~mask) == 0 && field.Excluded.Any(value => ((field.Encode(value) ^ match) & field.Mask()) == 0))
            return true;
        // Too large for the variant: its fixed bits alone already exceed the maximum.
        return !field.IsSigned() && field.Minimum() >= 0 && LeastValue(field, match & mask) > maximum;
    }

    private static long LeastValue(FieldModel field, uint bits)
    {
        var raw = 0L;
        foreach (var piece in field.Pieces)
            raw = raw << piece.Width | bits >> piece.Low & (1L << piece.Width) - 1;
        return (raw << field.Shift) + field.RegisterOffset;
    }
}
