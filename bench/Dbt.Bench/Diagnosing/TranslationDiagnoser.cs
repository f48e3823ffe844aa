using BenchmarkDotNet.Analysers;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Engines;
using BenchmarkDotNet.Exporters;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Validators;
using Dbt.Isa;
using Dbt.Lab.Code;
using Dbt.Lab.Listings;

namespace Dbt.Bench.Diagnosing;

/// <summary>
/// Writes, for each benchmark that runs a guest, what its engine makes of the guest's code: a file beside the results. It sets the benchmark up once
/// more in this process, so the measurement is not disturbed.
/// </summary>
internal sealed class TranslationDiagnoser : IDiagnoser
{
    private readonly List<string> _files = [];

    /// <inheritdoc/>
    public IEnumerable<string> Ids => ["Translation"];

    /// <inheritdoc/>
    public IEnumerable<IExporter> Exporters => [];

    /// <inheritdoc/>
    public IEnumerable<IAnalyser> Analysers => [];

    /// <inheritdoc/>
    public RunMode GetRunMode(BenchmarkCase benchmarkCase) => RunMode.NoOverhead;

    /// <inheritdoc/>
    public bool RequiresBlockingAcknowledgments(BenchmarkCase benchmarkCase) => false;

    /// <inheritdoc/>
    public void Handle(HostSignal signal, DiagnoserActionParameters parameters)
    {
        if (signal == HostSignal.AfterAll)
            Write(parameters.BenchmarkCase, parameters.Config.ArtifactsPath);
    }

    /// <inheritdoc/>
    public IEnumerable<Metric> ProcessResults(DiagnoserResults results) => [];

    /// <inheritdoc/>
    public void DisplayResults(ILogger logger)
    {
        foreach (var file in _files)
            logger.WriteLineInfo($"  translations: {file}");
    }

    /// <inheritdoc/>
    public IEnumerable<ValidationError> Validate(ValidationParameters validationParameters) =>
        from benchmark in validationParameters.Benchmarks
        where !benchmark.Descriptor.Type.IsAssignableTo(typeof(IGuestBenchmark))
        select new ValidationError(true, $"{benchmark.Descriptor.Type.Name} has a TranslationDiagnoser, and is no IGuestBenchmark.", benchmark);

    private void Write(BenchmarkCase benchmark, string artifacts)
    {
        var instance = Activator.CreateInstance(benchmark.Descriptor.Type)!;
        foreach (var parameter in benchmark.Parameters.Items)
            benchmark.Descriptor.Type.GetProperty(parameter.Name)?.SetValue(instance, parameter.Value);
        benchmark.Descriptor.GlobalSetupMethod?.Invoke(instance, null);
        try
        {
            var folder = Directory.CreateDirectory(Path.Combine(artifacts, "translations")).FullName;
            var file = Path.Combine(folder, NameOf(benchmark));
            using var output = new StreamWriter(file);
            Write(output, (IGuestBenchmark)instance);
            _files.Add(file);
        }
        finally
        {
            benchmark.Descriptor.GlobalCleanupMethod?.Invoke(instance, null);
        }
    }

    private static string NameOf(BenchmarkCase benchmark) =>
        string.Join('-', [benchmark.Descriptor.Type.Name, benchmark.Descriptor.WorkloadMethod.Name, .. benchmark.Parameters.Items.Select(parameter => $"{parameter.Name}={parameter.Value}")]) + ".txt";

    private static void Write(TextWriter output, IGuestBenchmark benchmark)
    {
        var disassembler = new Disassembler(benchmark.Isa, benchmark.Isa.DefaultExtensions, DisassemblyStyle.Default);
        foreach (var (start, length) in benchmark.Listings)
        {
            var bytes = new byte[length];
            var count = benchmark.Code.Fetch(start, bytes);
            var image = new CodeImage([new CodeSection("", start, bytes.AsMemory(0, count))]);
            if (benchmark.Explainer is not { } explainer)
            {
                foreach (var line in disassembler.Lines(image, AddressRange.All))
                    output.WriteLine($"{line.Address,8:x}  {line.Encoding,-8}  {line.Text.Replace('\t', ' ')}");
                continue;
            }
            for (var pc = start; pc < start + (ulong)count && explainer.Explain(pc) is { GuestCode.Length: > 0 } block; pc += (ulong)block.GuestCode.Length)
                new BlockListing(block, image, disassembler).WriteSideBySide(output);
        }
    }
}
