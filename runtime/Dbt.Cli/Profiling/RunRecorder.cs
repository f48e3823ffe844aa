using System.Diagnostics;
using Dbt.Cli.Errors;
using Dbt.Cli.Execution;
using Dbt.Isa;
using Dbt.Lab.Code;
using Dbt.Lab.Profiling;
using Dbt.Runtime.Linux;
using Dbt.Translator.Engines;

namespace Dbt.Cli.Profiling;

/// <summary>Runs a program and finds out where it spends its instructions.</summary>
/// <param name="compiler">The compiler whose translations are looked at.</param>
/// <param name="isa">The guest.</param>
/// <param name="extensions">Extensions that are on.</param>
internal sealed class RunRecorder(string compiler, GuestIsa isa, ExtensionSet extensions)
{
    private readonly TranslationLog _log = new();
    private SamplingEngine? _engine;

    /// <summary>How many translations are wanted.</summary>
    public required int Units { get; init; }

    /// <summary>Settings of the engine.</summary>
    public required EngineOptions Options { get; init; }

    /// <summary>The engine that the program is to be run with.</summary>
    public IEngine CreateEngine(GuestIsa guest) =>
        _engine = new SamplingEngine(EngineChoice.Create(EngineName, guest, Options with { CodeListener = _log, MeasuresTime = true, CountsInstructions = true }));

    // As it is run when nobody looks: cold code is interpreted.
    private string EngineName => compiler == EngineChoice.BestCompiler ? EngineChoice.Default : compiler;

    /// <summary>Runs it to its end.</summary>
    /// <exception cref="UserException">It cannot be started.</exception>
    public RunProfile Record(LinuxProcessOptions options)
    {
        try
        {
            using var process = LinuxProcess.Create(options);
            var started = Stopwatch.GetTimestamp();
            var code = process.Run();
            return Describe(process, options, code, Stopwatch.GetElapsedTime(started));
        }
        catch (LinuxStartException error)
        {
            throw new UserException(error.Message, error.ExitCode);
        }
    }

    private RunProfile Describe(LinuxProcess process, LinuxProcessOptions options, int code, TimeSpan elapsed)
    {
        // The guest's memory is as the program has left it.
        var explainer = EngineChoice.CreateExplainer(compiler, isa, extensions, process.Memory, Options);
        var hotspots = new Hotspots(isa, explainer, process.NameOf);
        var units = hotspots.Find(_engine!.Weights, [.. _log.Lengths.Keys], Units, Options.MaximumBlockLength);
        return new RunProfile
        {
            Command = string.Join(' ', [options.Program, .. options.Arguments]),
            Isa = isa,
            Engine = EngineName,
            Compiler = compiler,
            ExitCode = code,
            Elapsed = elapsed,
            Statistics = _engine.Statistics,
            Samples = _engine.Samples,
            Units = units,
            Image = ImageOf(process, units),
            Disassembler = new Disassembler(isa, extensions, DisassemblyStyle.Default),
        };
    }

    // Translations may overlap, sections may not: so it is whole pages.
    private static CodeImage ImageOf(LinuxProcess process, IEnumerable<ProfiledUnit> units)
    {
        var pages = units.SelectMany(unit => unit.Translation.Instructions).Select(instruction => instruction.Pc / Page).SelectMany(page => (ulong[])[page, page + 1]).Distinct().Order();
        var sections = new List<CodeSection>();
        foreach (var page in pages)
        {
            var bytes = new byte[Page];
            var count = process.Memory.Fetch(page * Page, bytes);
            if (count == 0)
                continue;
            if (sections is [.., { } last] && last.End == page * Page)
                sections[^1] = last with { Bytes = (byte[])[.. last.Bytes.Span, .. bytes.AsSpan(0, count)] };
            else
                sections.Add(new CodeSection("", page * Page, bytes.AsMemory(0, count)));
        }
        return new CodeImage(sections, process.NameOf);
    }

    private const ulong Page = Runtime.Memory.GuestMemory.PageSize;
}
