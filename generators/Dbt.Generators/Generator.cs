using System.Security.Cryptography;
using System.Text;
using Dbt.Generators.Printers;
using Dbt.Generators.Spec;
using Dbt.Generators.Spec.Checking;
using Dbt.Generators.Spec.Model;
using Dbt.Generators.Spec.Reading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Dbt.Generators;

/// <summary>
/// Reads the .isa files among a project's AdditionalFiles and prints what its DbtPrinters property asks for. Every step
/// has an equatable result, so that an edit of one extension reads and prints that extension again and no other.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class Generator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var files = context.AdditionalTextsProvider
            .Where(text => text.Path.EndsWith(".isa", StringComparison.OrdinalIgnoreCase))
            .Select((text, cancel) => SpecFile.Parse(text.Path, text.GetText(cancel)?.ToString() ?? ""))
            .WithTrackingName(TrackingNames.File);
        var isa = files.Where(file => file.IsIsa).Collect()
            .Select((found, _) => ReadIsa(found))
            .WithTrackingName(TrackingNames.Isa);
        var heads = files.Where(file => !file.IsIsa).Combine(isa)
            .Where(pair => pair.Right.Value != null)
            .Select((pair, _) => new HeadStep(pair.Left, HeadReader.Read(pair.Left, pair.Right.Value!)))
            .WithTrackingName(TrackingNames.Head);
        var allHeads = heads.Where(step => step.Head.Value != null).Select((step, _) => step.Head.Value!).Collect()
            .Select((found, _) => new EquatableArray<ExtensionHead>(found));
        var extensions = heads.Where(step => step.Head.Value != null).Combine(isa).Combine(allHeads)
            .Select((pair, _) => ExtensionReader.Read(pair.Left.Left.File, pair.Left.Right.Value!, pair.Left.Left.Head.Value!, pair.Right))
            .WithTrackingName(TrackingNames.Extension);
        var allExtensions = extensions.Collect().Combine(isa)
            .Select((pair, _) => InOrder(pair.Left.Select(result => result.Value!), pair.Right.Value));
        var checks = allExtensions.Combine(isa).Combine(allHeads)
            .Select((pair, _) => new Result<IsaModel>(
                pair.Left.Right.Value,
                pair.Left.Right.Value == null ? default : SpecChecker.Check(pair.Left.Right.Value, pair.Left.Left, pair.Right)))
            .WithTrackingName(TrackingNames.Check);

        context.RegisterSourceOutput(isa, (output, result) => Report(output, result.Diagnostics));
        context.RegisterSourceOutput(heads, (output, step) => Report(output, step.Head.Diagnostics));
        context.RegisterSourceOutput(extensions, (output, result) => Report(output, result.Diagnostics));
        context.RegisterSourceOutput(checks, (output, result) => Report(output, result.Diagnostics));
        context.RegisterSourceOutput(
            files.Where(file => !file.IsIsa).Collect().Combine(isa),
            (output, pair) => ReportMissingIsa(output, pair.Left, pair.Right));

        var isClean = isa.Combine(heads.Collect()).Combine(extensions.Collect()).Combine(checks)
            .Select((steps, _) => steps.Left.Left.Left.Value != null && steps.Right.Diagnostics.Count == 0
                && steps.Left.Left.Left.Diagnostics.Count == 0
                && steps.Left.Left.Right.All(step => step.Head.Diagnostics.Count == 0)
                && steps.Left.Right.All(result => result.Diagnostics.Count == 0));
        var fingerprint = files.Collect().Select((all, _) => Fingerprint(all));
        var printers = context.AnalyzerConfigOptionsProvider
            .Select((options, _) => options.GlobalOptions.TryGetValue("build_property.DbtPrinters", out var names) ? names : "")
            .WithTrackingName(TrackingNames.Printers);
        context.RegisterSourceOutput(printers, ReportUnknownPrinters);

        var inputs = extensions.Combine(allExtensions).Combine(isa)
            .Select((pair, _) => new ExtensionInput(
                pair.Right.Value!, pair.Left.Left.Value!, CalledRows.Of(pair.Left.Left.Value!, pair.Left.Right)))
            .WithTrackingName(TrackingNames.Input);
        foreach (var printer in PrinterList.All)
            Register(context, printer, printers, inputs, isClean, allExtensions, isa, fingerprint);
    }

    private static void Register(
        IncrementalGeneratorInitializationContext context,
        IPrinter printer,
        IncrementalValueProvider<string> printers,
        IncrementalValuesProvider<ExtensionInput> inputs,
        IncrementalValueProvider<bool> isClean,
        IncrementalValueProvider<EquatableArray<ExtensionModel>> allExtensions,
        IncrementalValueProvider<Result<IsaModel>> isa,
        IncrementalValueProvider<string> fingerprint)
    {
        var isWanted = printers.Combine(isClean)
            .Select((pair, _) => pair.Right && pair.Left.Split(',').Any(name => name.Trim() == printer.Name));
        var fragments = inputs.Combine(isWanted)
            .Where(pair => pair.Right)
            .Select((pair, _) => pair.Left)
            .Select((input, _) => new NamedFragment(input.Extension.Name, printer.PrintExtension(input)))
            .WithTrackingName(TrackingNames.Fragment(printer.Name));
        context.RegisterSourceOutput(fragments, (output, named) =>
        {
            Report(output, named.Fragment.Diagnostics);
            foreach (var file in named.Fragment.Files)
                output.AddSource(file.Name, SourceText.From(file.Text, Encoding.UTF8));
        });
        var whole = fragments.Collect().Combine(allExtensions).Combine(isa).Combine(fingerprint).Combine(isWanted);
        context.RegisterSourceOutput(whole, (output, steps) =>
        {
            var ((((named, extensions), isaResult), print), wanted) = steps;
            if (!wanted || named.Any(fragment => fragment.Fragment.Diagnostics.Count > 0))
                return;
            var byName = named.ToDictionary(fragment => fragment.Extension, fragment => fragment.Fragment);
            var ordered = extensions.Select(extension => byName[extension.Name]);
            foreach (var file in printer.PrintIsa(new IsaInput(isaResult.Value!, extensions, new(ordered), print)))
                output.AddSource(file.Name, SourceText.From(file.Text, Encoding.UTF8));
        });
    }

    private static Result<IsaModel> ReadIsa(IReadOnlyList<SpecFile> found)
    {
        if (found.Count == 0)
            return new(null, default);
        var first = IsaReader.Read(found[0]);
        if (found.Count == 1)
            return first;
        var diagnostics = new DiagnosticBag();
        foreach (var other in found.Skip(1))
            diagnostics.Add("DBT302", other.Lines.First(line => line.FirstWord().Text == "isa").Location, first.Value?.Name ?? "", found[0].Path);
        return new(first.Value, new(first.Diagnostics.Concat(diagnostics.ToArray())));
    }

    // The order of an extension's index: as the ISA's file says, then by name.
    private static EquatableArray<ExtensionModel> InOrder(IEnumerable<ExtensionModel> extensions, IsaModel? isa)
    {
        var order = isa?.Order.ToList() ?? [];
        return new(extensions
            .OrderBy(extension => order.IndexOf(extension.Name) is >= 0 and var index ? index : order.Count)
            .ThenBy(extension => extension.Name, StringComparer.Ordinal));
    }

    private static string Fingerprint(IEnumerable<SpecFile> files)
    {
        var text = string.Join("\n", files.Select(file => file.Hash).OrderBy(hash => hash, StringComparer.Ordinal))
            + typeof(Generator).Assembly.ManifestModule.ModuleVersionId;
        using var sha = SHA256.Create();
        return string.Concat(sha.ComputeHash(Encoding.UTF8.GetBytes(text)).Select(b => b.ToString("x2")));
    }

    private static void Report(SourceProductionContext output, EquatableArray<SpecDiagnostic> diagnostics)
    {
        foreach (var diagnostic in diagnostics)
            output.ReportDiagnostic(SpecRules.ToDiagnostic(diagnostic));
    }

    private static void ReportMissingIsa(SourceProductionContext output, IReadOnlyList<SpecFile> files, Result<IsaModel> isa)
    {
        if (isa.Value != null || isa.Diagnostics.Count > 0)
            return;
        foreach (var file in files)
            output.ReportDiagnostic(SpecRules.ToDiagnostic(new SpecDiagnostic("DBT301", new SpecLocation(file.Path, 0, 0, 0), default)));
    }

    private static void ReportUnknownPrinters(SourceProductionContext output, string names)
    {
        var known = PrinterList.All.Select(printer => printer.Name).ToArray();
        foreach (var name in names.Split(',').Select(name => name.Trim()))
            if (name.Length > 0 && !known.Contains(name))
                output.ReportDiagnostic(SpecRules.ToDiagnostic(new SpecDiagnostic(
                    "DBT311", default, new([name, string.Join(", ", known), Suggestion.For(name, known)]))));
    }

    private sealed record HeadStep(SpecFile File, Result<ExtensionHead> Head);

    private sealed record NamedFragment(string Extension, Fragment Fragment);
}
