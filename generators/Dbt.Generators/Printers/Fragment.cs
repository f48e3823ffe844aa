using Dbt.Generators.Spec;
using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Printers;

/// <summary>What a printer made of one extension.</summary>
/// <param name="Files">Files that stand for themselves.</param>
/// <param name="Parts">Pieces of text for <see cref="IPrinter.PrintIsa"/>; what they mean is the printer's own matter.</param>
/// <param name="Diagnostics">What is wrong with the extension.</param>
internal sealed record Fragment(
    EquatableArray<PrintedFile> Files,
    EquatableArray<string> Parts,
    EquatableArray<SpecDiagnostic> Diagnostics)
{
    /// <summary>Nothing.</summary>
    public static Fragment Empty { get; } = new(default, default, default);
}
