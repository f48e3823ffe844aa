using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Printers;

/// <summary>Which rows an extension's semantics may call: compressed rows call their base rows.</summary>
internal static class CalledRows
{
    /// <summary>Rows whose mnemonic stands before a parenthesis somewhere in the extension's semantics; a superset of those called.</summary>
    public static EquatableArray<RowModel> Of(ExtensionModel extension, IEnumerable<ExtensionModel> extensions)
    {
        var names = new HashSet<string>();
        foreach (var row in extension.Rows)
            AddCallees(row.Semantics.Text, names);
        return new(extensions.SelectMany(other => other.Rows).Where(row => names.Contains(row.Mnemonic)));
    }

    private static void AddCallees(string text, HashSet<string> names)
    {
        for (var open = text.IndexOf('('); open >= 0; open = text.IndexOf('(', open + 1))
        {
            var start = open;
            while (start > 0 && (char.IsLetterOrDigit(text[start - 1]) || text[start - 1] is '_'))
                start--;
            names.Add(text.Substring(start, open - start));
        }
    }
}
