using System.CommandLine;
using Dbt.Cli.Arguments;
using Dbt.Cli.Errors;
using Dbt.Cli.Execution;
using Dbt.Cli.Output;
using Dbt.Isa;

namespace Dbt.Cli.Commands;

/// <summary><c>dbt run</c>: runs a guest program.</summary>
internal sealed class RunCommand : DbtCommand
{
    /// <summary>As it is typed.</summary>
    public const string CommandName = "run";

    private readonly Argument<string> _program = new("PROGRAM") { Description = "The guest program, an ELF file" };

    private readonly Argument<string[]> _arguments = new("ARGS")
    {
        Arity = ArgumentArity.ZeroOrMore,
        Description = "Its arguments, as they are: options behind PROGRAM are the guest's",
    };

    private readonly GuestOptions _guest;

    private readonly Option<string> _engine = Values.ChoiceOption(
        "--engine",
        "How guest code is executed; auto: interpreted while it is cold, compiled when it is hot",
        EngineChoice.Default,
        EngineChoice.Names,
        EngineChoice.WhyNot);

    private readonly Option<string?> _isa = Values.IsaOption();

    private readonly Option<string?> _strace = new("--strace")
    {
        HelpName = "=FILE",
        Description = "Write each system call to standard error, or to a file with --strace=FILE",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Flag _stats = new("--stats", "Write to standard error at the end what each tier executed, translated and took, why it was left, and what was interpreted instead of compiled");

    private readonly Flag _trapCalls = new("--trap-calls", "Leave translated code for every system call, even for those that could be patched into it: getpid, gettid, sched_yield, clock_gettime, gettimeofday. --strace does so too");

    private readonly Flag _perfMap = new("--perf-map", $"Write {PerfMap.Pattern}, by which Linux's perf names guest code");

    private readonly Flag _jitDump = new("--jitdump", $"Write {JitDump.Pattern}, from which 'perf inject --jit' makes what 'perf annotate' shows; use 'perf record -k mono'");

    private readonly Flag _trusted = new("--trusted",
        "DANGEROUS: leave out the checks that keep a guest from the memory of this process. Faster by a few percent; for programs that you would also run natively");

    /// <summary>Creates the command.</summary>
    public RunCommand()
        : base(CommandName, "Runs a Linux program of another instruction set.")
    {
        Add(_program);
        Add(_arguments);
        _guest = new GuestOptions(this);
        Add(_engine);
        Add(_isa);
        Add(_strace);
        Add(_stats);
        Add(_trapCalls);
        Add(_perfMap);
        Add(_jitDump);
        Add(_trusted);
        SetAction(Execute);
    }

    /// <inheritdoc/>
    public override string Usage => "dbt run [options] [--] <PROGRAM> [<ARGS>...]";

    /// <inheritdoc/>
    public override IReadOnlyList<(string Line, string Meaning)> Examples =>
    [
        ("dbt run ./hello --verbose", "Run a static program; --verbose is the program's"),
        ("dbt run -L sysroot sysroot/usr/bin/python3 -c 'print(6*7)'", "A dynamically linked one, with its libraries"),
        ("dbt run --strace --stats -E LANG=C ./hello", "Show its system calls and what the engine did"),
        ("perf record -g dbt run --perf-map ./hello && perf report", "Profile it: guest functions are named, [baseline] behind them"),
        ("dbt run --max-instructions 1000000 --memory 64M ./untrusted", "With limits"),
    ];

    private int Execute(ParseResult line)
    {
        var (isa, extensions) = Guests.Parse(line.GetValue(_isa));
        WarnOfDrafts(isa, extensions);
        using var trace = OpenTrace(line);
        var name = line.GetRequiredValue(_engine);
        using var profiler = OpenProfilerFile(line, name);
        var engine = GuestRun.Engine with
        {
            CacheBytes = _guest.CacheBytes(line),
            TrustsGuest = _trusted.IsSet(line),
            CodeListener = profiler,
            MeasuresTime = _stats.IsSet(line),
            CountsInstructions = _stats.IsSet(line),
            CountsHypercalls = _stats.IsSet(line),
        };
        var options = _guest.Create(line, isa, extensions, line.GetRequiredValue(_program), line.GetValue(_arguments) ?? [], guest => EngineChoice.Create(name, guest, engine)) with
        {
            Trace = trace,
            PatchesCalls = !_trapCalls.IsSet(line),
        };
        return GuestRun.Run(options, name, _stats.IsSet(line), profiler);
    }

    private static void WarnOfDrafts(GuestIsa isa, ExtensionSet extensions)
    {
        if (extensions == isa.DefaultExtensions)
            return;
        foreach (var extension in isa.Extensions)
            if (extension.Status == ExtensionStatus.Draft && extensions.Contains(extension.Index))
                ErrorReport.Warn($"{extension.Name} is a draft ({extension.Version}): it may change or go without notice");
    }

    // Null when none is asked for.
    private ProfilerFile? OpenProfilerFile(ParseResult line, string engine)
    {
        var (wantsMap, wantsDump) = (_perfMap.IsSet(line), _jitDump.IsSet(line));
        if (!wantsMap && !wantsDump)
            return null;
        if (wantsMap && wantsDump)
            throw UserException.Usage($"{_perfMap.Name} and {_jitDump.Name} exclude each other", $"{_jitDump.Name} has the names, too");
        var option = wantsMap ? _perfMap.Name : _jitDump.Name;
        if (!EngineChoice.MakesCode(engine))
            throw UserException.Usage($"the engine '{engine}' makes no host code", $"{option} goes with --engine {EngineChoice.BestCompiler ?? "baseline"}");
        try
        {
            return wantsMap ? new PerfMap() : new JitDump();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserException(option, $"cannot write its file: {error.Message}", null, ExitCode.Failure);
        }
    }

    // Null when nothing is to be traced.
    private TextWriter? OpenTrace(ParseResult line)
    {
        if (line.GetResult(_strace) is not { } option)
            return null;
        if (option.Tokens.Count == 0)
            return StandardError.Instance;
        var path = option.Tokens[0].Value;
        try
        {
            return new StreamWriter(path) { AutoFlush = true };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UserException("--strace", $"cannot write {path}: {error.Message}", null, ExitCode.Usage);
        }
    }
}
