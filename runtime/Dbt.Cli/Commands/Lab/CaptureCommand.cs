using System.CommandLine;
using Dbt.Cli.Arguments;
using Dbt.Cli.Errors;
using Dbt.Cli.Execution;
using Dbt.Cli.Output;
using Dbt.Lab.Corpora;
using Dbt.Lab.Profiling;
using Dbt.Runtime.Linux;
using Dbt.Translator.Engines;

namespace Dbt.Cli.Commands.Lab;

/// <summary><c>dbt lab capture</c>: saves the hot regions of a run.</summary>
internal sealed class CaptureCommand : DbtCommand
{
    /// <summary>As it is typed.</summary>
    public const string CommandName = "capture";

    private const int StandardRegions = 20;
    private const int StandardLength = 100_000;

    private readonly Option<string> _output = new("--output", "-o")
    {
        HelpName = "FILE",
        Description = "The corpus to write",
        Required = true,
    };

    private readonly ValueOption<long> _regions = Values.CountOption("--regions", $"Most regions [default: {StandardRegions}]");

    private readonly ValueOption<long> _length = Values.CountOption("--length", $"Most guest instructions of a region [default: {StandardLength}]");

    private readonly Option<string?> _isa = Values.IsaOption();

    private readonly GuestOptions _guest;

    private readonly Argument<string> _program = new("PROGRAM") { Description = "The guest program, an ELF file" };

    private readonly Argument<string[]> _arguments = new("ARGS") { Arity = ArgumentArity.ZeroOrMore, Description = "Its arguments, as they are" };

    /// <summary>Creates the command.</summary>
    public CaptureCommand()
        : base(CommandName, "Runs a program, and saves the regions where it spends its time as a corpus: code, registers, memory.")
    {
        Add(_output);
        Add(_regions);
        Add(_length);
        Add(_isa);
        _guest = new GuestOptions(this);
        Add(_program);
        Add(_arguments);
        SetAction(Execute);
    }

    /// <inheritdoc/>
    public override string Usage => "dbt lab capture -o <FILE> [options] [--] <PROGRAM> [<ARGS>...]";

    /// <inheritdoc/>
    public override IReadOnlyList<(string Line, string Meaning)> Examples =>
    [
        ("dbt lab capture -o sort.corpus ./sort 1000", "The hottest regions of a run"),
        ("dbt lab capture -o python.corpus --regions 50 -L sysroot sysroot/usr/bin/python3 loop.py", "More of them, of a program with libraries"),
    ];

    private int Execute(ParseResult line)
    {
        var path = line.GetRequiredValue(_output);
        OutputFile.Check(path);
        var (isa, extensions) = Guests.Parse(line.GetValue(_isa));
        SamplingEngine? engine = null;
        var (program, arguments) = (line.GetRequiredValue(_program), line.GetValue(_arguments) ?? []);
        var options = _guest.Create(line, isa, extensions, program, arguments, guest =>
            engine = new SamplingEngine(EngineChoice.Create(EngineChoice.Default, guest, new EngineOptions { CacheBytes = _guest.CacheBytes(line) })));
        var regions = Record(options, () => engine!, _length.Of(line) ?? StandardLength, (int)(_regions.Of(line) ?? StandardRegions));
        if (regions.Count == 0)
            throw new UserException(program, "nothing in it is hot", "it must run for some million instructions", ExitCode.Failure);
        OutputFile.Write(path, CorpusFile.Write(new Corpus(isa, extensions, string.Join(' ', [program, .. arguments]), regions)));
        StandardError.Instance.WriteLine(FormattableString.Invariant($"dbt: captured {regions.Count} regions, {regions.Sum(region => region.Share):p0} of the samples, in {path}"));
        return ExitCode.Success;
    }

    private static IReadOnlyList<CapturedRegion> Record(LinuxProcessOptions options, Func<SamplingEngine> engine, long length, int most)
    {
        try
        {
            using var process = LinuxProcess.Create(options);
            var recorder = new CorpusRecorder(new RegionCapturer(process.Memory, length), process.NameOf);
            engine().Arrived = recorder.Arrived;
            process.Run();
            return recorder.Take(most);
        }
        catch (LinuxStartException error)
        {
            throw new UserException(error.Message, error.ExitCode);
        }
    }
}
