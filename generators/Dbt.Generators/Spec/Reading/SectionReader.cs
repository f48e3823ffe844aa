using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Spec.Reading;

/// <summary>Variant names, as they stand behind <c>section</c> and <c>on</c>.</summary>
internal static class SectionReader
{
    /// <summary>The variants that the words name; all of the ISA's when there are none.</summary>
    public static EquatableArray<string> Read(IsaModel isa, IEnumerable<SpecText> words, DiagnosticBag diagnostics)
    {
        var names = new List<string>();
        foreach (var word in words)
            if (isa.Variants.Any(variant => variant.Name == word.Text))
                names.Add(word.Text);
            else
                diagnostics.Add("DBT309", word.Location, word.Text,
                    string.Join(", ", isa.Variants.Select(variant => variant.Name)),
                    Suggestion.For(word.Text, isa.Variants.Select(variant => variant.Name)));
        return names.Count > 0 ? new(names) : new(isa.Variants.Select(variant => variant.Name));
    }
}
