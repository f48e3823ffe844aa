using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Dbt.Generators.Tests;

/// <summary>Runs the generator over specs in memory, and again after edits.</summary>
internal sealed class GeneratorRun
{
    private const string AllPrinters = "isa,decoder,encoder,disassembler,interpreter,reference";

    private readonly Dictionary<string, AdditionalText> _files = [];
    private GeneratorDriver _driver;

    public GeneratorRun(IEnumerable<(string Path, string Text)> files, string printers = AllPrinters)
    {
        foreach (var (path, text) in files)
            _files.Add(path, new MemoryText(path, text));
        _driver = CSharpGeneratorDriver.Create(
            [new Generator().AsSourceGenerator()],
            _files.Values,
            optionsProvider: new Options(printers),
            driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));
        Run();
    }

    public GeneratorRunResult Result => _driver.GetRunResult().Results.Single();

    /// <summary>Errors as "id path:line:column", sorted.</summary>
    public IReadOnlyList<string> Errors => [.. Result.Diagnostics.Select(Describe).Order(StringComparer.Ordinal)];

    public void Edit(string path, string text)
    {
        var file = new MemoryText(path, text);
        _driver = _driver.ReplaceAdditionalText(_files[path], file);
        _files[path] = file;
        Run();
    }

    /// <summary>Why each run of a step was made, by what it made.</summary>
    public IReadOnlyList<(object Value, IncrementalStepRunReason Reason)> Steps(string name) =>
        [.. Result.TrackedSteps[name].SelectMany(step => step.Outputs)];

    private static string Describe(Diagnostic diagnostic)
    {
        var where = diagnostic.Location.GetLineSpan();
        return $"{diagnostic.Id} {where.Path}:{where.StartLinePosition.Line + 1}:{where.StartLinePosition.Character + 1}";
    }

    private void Run() => _driver = _driver.RunGenerators(CSharpCompilation.Create("Toy"));

    private sealed class MemoryText(string path, string text) : AdditionalText
    {
        public override string Path => path;

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text);
    }

    private sealed class Options(string printers) : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions { get; } = new Values(printers);

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => new Values(printers);

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => new Values(printers);

        private sealed class Values(string printers) : AnalyzerConfigOptions
        {
            public override bool TryGetValue(string key, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? value)
            {
                value = key == "build_property.DbtPrinters" ? printers : null;
                return value != null;
            }
        }
    }
}
