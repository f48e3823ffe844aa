using System.CommandLine;
using Dbt.Cli.Arguments;
using Dbt.Cli.Code;
using Dbt.Cli.Errors;
using Dbt.Cli.Execution;
using Dbt.Cli.Output;
using Dbt.Cli.Profiling;
using Dbt.Isa;
using Dbt.Lab.Code;
using Dbt.Lab.Listings;
using Dbt.Lab.Pages;
using Dbt.Runtime.Linux.Syscalls;
using Dbt.Translator.Engines;

namespace Dbt.Cli.Commands;

/// <summary><c>dbt explain</c>: guest code and its host code, side by side.</summary>
internal sealed class ExplainCommand : DbtCommand
{
    /// <summary>As it is typed.</summary>
    public const string CommandName = "explain";

    private const int UnitsOnPage = 40;

    private readonly CodeOptions _code;

    private readonly Option<string?> _html = new("--html")
    {
        HelpName = "FILE",
        Description = "Run the program with its arguments, and write a page about where it spent its instructions: guest, IL and host code of the hottest translations",
    };

    private readonly ValueOption<long> _top = Values.CountOption("--top", "Run the program with its arguments, and print its N hottest translations");

    private readonly GuestOptions _guest;

    private readonly Option<string> _engine = Values.ChoiceOption("--engine", "Whose host code to show", EngineChoice.BestCompiler ?? EngineChoice.Default, EngineChoice.Compilers, EngineChoice.WhyNot);

    private readonly Flag _trusted = new("--trusted", "As 'dbt run --trusted' has it: without the checks of guest addresses");

    private readonly Flag _counted = new("--counted", "As 'dbt run --stats' and '--max-instructions' have it: with a count of instructions");

    private readonly Flag _sideBySide = new("--side-by-side", "Columns even where the terminal is too narrow for them");

    /// <summary>Creates the command.</summary>
    public ExplainCommand()
        : base(CommandName, "Shows guest code beside the host machine code that it becomes, with the IL between them where there is any.")
    {
        Add(_html);
        Add(_top);
        _code = new CodeOptions(this, input => input.GetResult(_html) is not null || input.GetResult(_top) is not null);
        Add(_engine);
        Add(_trusted);
        Add(_counted);
        Add(_sideBySide);
        _guest = new GuestOptions(this);
        SetAction(Execute);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Line, string Meaning)> Examples =>
    [
        ("dbt explain --symbol main ./hello", "Every block of a function"),
        ("dbt explain --address 0x10400 ./hello", "The block that starts at an address"),
        ("dbt explain 00b50533 8082", "Words"),
        ("dbt explain --engine block 00b50533 8082 | less -S", "The same by way of IL, in a pager"),
        ("dbt explain --html run.html -L sysroot sysroot/usr/bin/python3 -c 'print(6*7)'", "Run a program, and see in a browser what was hot and what became of it"),
        ("dbt explain --top 5 ./hello", "The same as text"),
    ];

    /// <summary>Whether a command line names a program to run, with arguments of its own.</summary>
    public static bool RunsGuest(IEnumerable<string> arguments) =>
        arguments.TakeWhile(word => word != "--").Any(word => word is "--html" or "--top" || word.StartsWith("--html=", StringComparison.Ordinal) || word.StartsWith("--top=", StringComparison.Ordinal));

    private int Execute(ParseResult line)
    {
        if (line.GetResult(_html) is not null || line.GetResult(_top) is not null)
            return ExplainRun(line);
        var code = _code.Read(line);
        var disassembler = new Disassembler(code.Isa, code.Extensions, DisassemblyStyle.Default);
        var options = new EngineOptions { TrustsGuest = _trusted.IsSet(line), CountsInstructions = _counted.IsSet(line), SharesMemory = false };
        // As in a process: its calls are patched into its code.
        using var calls = Guests.AbiOf(code.Isa) is { } abi ? PatchedCalls.Create(code.Isa, abi) : null;
        var explainer = EngineChoice.CreateExplainer(line.GetRequiredValue(_engine), code.Isa, code.Extensions, code.Image, options, calls);
        var (start, end) = Bounds(code);
        while (start < end)
        {
            if (explainer.Explain(start) is not { GuestCode.Length: > 0 } block)
                throw new UserException($"0x{start:x}", "there is no code at this address", "'dbt disasm' shows what there is", ExitCode.Failure);
            start += (ulong)block.GuestCode.Length;
            var listing = new BlockListing(block, code.Image, disassembler);
            if (_sideBySide.IsSet(line) || Console.IsOutputRedirected || listing.Width <= Console.WindowWidth)
                listing.WriteSideBySide(Console.Out);
            else
                listing.WriteInSequence(Console.Out);
        }
        return ExitCode.Success;
    }

    private int ExplainRun(ParseResult line)
    {
        if (line.GetValue(_html) is { } path)
            OutputFile.Check(path);
        var words = _code.Words(line);
        var (isa, extensions) = _code.Guest(line);
        var recorder = new RunRecorder(line.GetRequiredValue(_engine), isa, extensions)
        {
            Units = (int?)_top.Of(line) ?? UnitsOnPage,
            Options = new EngineOptions { TrustsGuest = _trusted.IsSet(line), CountsInstructions = _counted.IsSet(line), SharesMemory = false, CacheBytes = _guest.CacheBytes(line) },
        };
        var profile = recorder.Record(_guest.Create(line, isa, extensions, words[0], words[1..], recorder.CreateEngine));
        if (line.GetValue(_html) is { } file)
        {
            OutputFile.Write(file, ExplainPage.Write(profile));
            StandardError.Instance.WriteLine($"dbt: wrote {file}");
        }
        if (_top.Of(line) is not null)
            ProfileListing.Write(Console.Out, profile);
        return ExitCode.Success;
    }

    // A range as it was asked for; one block for a start alone; all of a few words; never a whole program.
    private static AddressRange Bounds(GuestCode code)
    {
        if (code.Range == AddressRange.All)
        {
            return code.Image.Sections is [{ Name: "" } section]
                ? new AddressRange(section.Address, section.End)
                : throw UserException.Usage("a whole program is too much to explain", "name a function with --symbol, or an address with --address");
        }
        return code.Range.End == ulong.MaxValue ? new AddressRange(code.Range.Start, code.Range.Start + 1) : code.Range;
    }
}
