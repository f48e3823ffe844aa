using System.CommandLine;
using Dbt.Cli.Arguments;
using Dbt.Cli.Code;
using Dbt.Cli.Errors;
using Dbt.Cli.Execution;
using Dbt.Cli.Output;
using Dbt.Isa;
using Dbt.Translator.Engines;

namespace Dbt.Cli.Commands;

/// <summary><c>dbt explain</c>: guest code and its host code, side by side.</summary>
internal sealed class ExplainCommand : DbtCommand
{
    private readonly CodeOptions _code;

    private readonly Option<string> _engine = Values.ChoiceOption("--engine", "Whose host code to show", EngineChoice.BestCompiler ?? EngineChoice.Default, EngineChoice.Compilers, EngineChoice.WhyNot);

    private readonly Flag _trusted = new("--trusted", "As 'dbt run --trusted' has it: without the checks of guest addresses");

    private readonly Flag _counted = new("--counted", "As 'dbt run --stats' and '--max-instructions' have it: with a count of instructions");

    private readonly Flag _sideBySide = new("--side-by-side", "Columns even where the terminal is too narrow for them");

    /// <summary>Creates the command.</summary>
    public ExplainCommand()
        : base("explain", "Shows guest code beside the host machine code that it becomes, with the IL between them where there is any.")
    {
        _code = new CodeOptions(this);
        Add(_engine);
        Add(_trusted);
        Add(_counted);
        Add(_sideBySide);
        SetAction(Execute);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Line, string Meaning)> Examples =>
    [
        ("dbt explain --symbol main ./hello", "Every block of a function"),
        ("dbt explain --address 0x10400 ./hello", "The block that starts at an address"),
        ("dbt explain 00b50533 8082", "Words"),
        ("dbt explain --engine block 00b50533 8082 | less -S", "The same by way of IL, in a pager"),
    ];

    private int Execute(ParseResult line)
    {
        var code = _code.Read(line);
        var disassembler = new Disassembler(code.Isa, code.Extensions, DisassemblyStyle.Default);
        var options = new EngineOptions { TrustsGuest = _trusted.IsSet(line), CountsInstructions = _counted.IsSet(line) };
        var explainer = EngineChoice.CreateExplainer(line.GetRequiredValue(_engine), code.Isa, code.Extensions, code.Image, options);
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
