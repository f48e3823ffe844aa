using Dbt.Generators.Spec.Model;
using Dbt.Generators.Spec.Reading;

namespace Dbt.Generators.Spec.Checking;

/// <summary>Checks that need more than one file: names across extensions, duplicates, overlaps, aliases, CSRs.</summary>
internal static class SpecChecker
{
    public static EquatableArray<SpecDiagnostic> Check(IsaModel isa, IReadOnlyList<ExtensionModel> extensions, IReadOnlyList<ExtensionHead> heads)
    {
        var diagnostics = new DiagnosticBag();
        HeadChecker.Check(heads, diagnostics);
        var rows = extensions.SelectMany(extension => extension.Rows.Select(row => (extension, row))).ToArray();
        CheckMnemonics(rows, diagnostics);
        OverlapChecker.Check(isa, rows, diagnostics);
        foreach (var extension in extensions)
            foreach (var alias in extension.Aliases)
                CheckAlias(alias, rows.Select(row => row.row), diagnostics);
        CheckAliasesTwice(extensions, diagnostics);
        CheckCsrs(extensions, diagnostics);
        CheckViews(isa, extensions, diagnostics);
        return diagnostics.ToArray();
    }

    private static void CheckMnemonics((ExtensionModel Extension, RowModel Row)[] rows, DiagnosticBag diagnostics)
    {
        foreach (var group in rows.GroupBy(row => row.Row.Mnemonic).Where(group => group.Count() > 1))
        {
            var seen = new List<(ExtensionModel Extension, RowModel Row)>();
            foreach (var row in group)
            {
                var earlier = seen.FirstOrDefault(other => other.Row.Variants.Intersect(row.Row.Variants).Any());
                if (earlier.Row != null)
                    diagnostics.Add("DBT115", row.Row.Location, row.Row.Mnemonic, earlier.Extension.Name,
                        string.Join(", ", earlier.Row.Variants.Intersect(row.Row.Variants)));
                seen.Add(row);
            }
        }
    }

    private static void CheckAlias(AliasModel alias, IEnumerable<RowModel> rows, DiagnosticBag diagnostics)
    {
        var bases = rows.Where(row => row.Mnemonic == alias.Base && row.Variants.Intersect(alias.Variants).Any()).ToArray();
        if (bases.Length == 0)
        {
            diagnostics.Add("DBT119", alias.BaseLocation, alias.Base, string.Join(", ", alias.Variants),
                Suggestion.For(alias.Base, rows.Select(row => row.Mnemonic)));
            return;
        }
        foreach (var row in bases)
        {
            var fields = row.Fields.Select(field => field.Name).ToArray();
            foreach (var condition in alias.Conditions)
                foreach (var name in new[] { condition.Field, condition.OtherField })
                    if (name.Length > 0 && !fields.Contains(name))
                        diagnostics.Add("DBT120", condition.Location, name, row.Mnemonic, string.Join(", ", fields), Suggestion.For(name, fields));
            foreach (var operand in alias.Operands)
                if (operand.Field.Length > 0 && !fields.Contains(operand.Field))
                    diagnostics.Add("DBT120", alias.Location, operand.Field, row.Mnemonic, string.Join(", ", fields), Suggestion.For(operand.Field, fields));
            foreach (var operand in row.Operands)
                if (operand.Field.Length > 0 && !operand.Hidden && !IsTold(alias, operand.Field))
                    diagnostics.Add("DBT124", alias.Location, alias.Mnemonic, operand.Field, row.Mnemonic);
        }
    }

    // Whether an alias's text tells a field's value: printed, fixed, or equal to one that is printed.
    private static bool IsTold(AliasModel alias, string field)
    {
        bool IsPrinted(string name) => alias.Operands.Any(operand => operand.Field == name);
        return IsPrinted(field) || alias.Conditions.Any(condition => condition.OtherField.Length == 0
            ? condition.Field == field
            : condition.Field == field && IsPrinted(condition.OtherField) || condition.OtherField == field && IsPrinted(condition.Field));
    }

    private static void CheckAliasesTwice(IReadOnlyList<ExtensionModel> extensions, DiagnosticBag diagnostics)
    {
        var seen = new Dictionary<string, AliasModel>();
        foreach (var alias in extensions.SelectMany(extension => extension.Aliases))
            foreach (var variant in alias.Variants)
            {
                var conditions = alias.Conditions.Select(condition => $"{condition.Field}:{condition.Value}{condition.OtherField}");
                var key = $"{variant} {alias.Base} {string.Join(" ", conditions.OrderBy(text => text, StringComparer.Ordinal))}";
                if (!seen.TryGetValue(key, out var other))
                    seen.Add(key, alias);
                else if (!ReferenceEquals(other, alias))
                {
                    diagnostics.Add("DBT121", alias.Location, other.Mnemonic, alias.Base);
                    break;
                }
            }
    }

    private static void CheckViews(IsaModel isa, IReadOnlyList<ExtensionModel> extensions, DiagnosticBag diagnostics)
    {
        foreach (var view in extensions.SelectMany(extension => extension.Csrs).Select(csr => csr.View).Where(view => view?.State.Text.Length > 0))
        {
            var state = isa.States.FirstOrDefault(state => state.Name == view!.State.Text);
            if (state == null)
                diagnostics.Add("DBT312", view!.State.Location, view.State.Text, Suggestion.For(view.State.Text, isa.States.Select(other => other.Name)));
            foreach (var field in view!.Fields)
                if (state != null && state.Fields.All(other => other.Name != field.Text))
                    diagnostics.Add("DBT312", field.Location, $"{state.Name}.{field.Text}", Suggestion.For(field.Text, state.Fields.Select(other => other.Name)));
        }
        var names = extensions.SelectMany(extension => extension.Csrs).Select(csr => csr.Name).ToArray();
        foreach (var csr in extensions.SelectMany(extension => extension.Guards).SelectMany(guard => guard.Csrs))
            if (!names.Contains(csr.Text))
                diagnostics.Add("DBT313", csr.Location, csr.Text, Suggestion.For(csr.Text, names));
    }

    private static void CheckCsrs(IReadOnlyList<ExtensionModel> extensions, DiagnosticBag diagnostics)
    {
        var seen = new List<(ExtensionModel Extension, CsrModel Csr)>();
        foreach (var extension in extensions)
            foreach (var csr in extension.Csrs)
            {
                var other = seen.FirstOrDefault(other => (other.Csr.Number == csr.Number || other.Csr.Name == csr.Name)
                    && other.Csr.Variants.Intersect(csr.Variants).Any());
                if (other.Csr != null)
                    diagnostics.Add("DBT306", csr.Location, "0x" + csr.Number.ToString("x3"), other.Csr.Name, other.Extension.Name);
                seen.Add((extension, csr));
            }
    }
}
