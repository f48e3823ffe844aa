using System.CommandLine;
using Dbt.Cli.Arguments;
using Dbt.Cli.Code;
using Dbt.Cli.Errors;
using Dbt.Cli.Output;
using Dbt.Isa;
using Dbt.Translator.Il.Blocks;
using Dbt.Translator.Semantics;

namespace Dbt.Cli.Commands;

/// <summary><c>dbt explain</c>: guest code, its IL and its host code, side by side.</summary>
internal sealed class ExplainCommand : DbtCommand
{
    private readonly CodeOptions _code;

    private readonly Flag _sideBySide = new("--side-by-side", "Three columns even where the terminal is narrow or output goes to a file");

    /// <summary>Creates the command.</summary>
    public ExplainCommand()
        : base("explain", "Shows guest code with the IL and the host machine code that it becomes.")
    {
        _code = new CodeOptions(this);
        Add(_sideBySide);
        SetAction(Execute);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Line, string Meaning)> Examples =>
    [
        ("dbt explain --symbol main ./hello", "Every block of a function"),
        ("dbt explain --address 0x10400 ./hello", "The block that starts at an address"),
        ("dbt explain 00b50533 8082", "Words"),
        ("dbt explain --side-by-side 00b50533 8082 | less -S", "Three columns in a pager"),
    ];

    private int Execute(ParseResult line)
    {
        var code = _code.Read(line);
        var isSideBySide = _sideBySide.IsSet(line) || ExplanationReport.FitsSideBySide;
        var (start, end) = Bounds(code);
        var disassembler = new Disassembler(code.Isa, code.Extensions, DisassemblyStyle.Default);
        var explainer = new BlockExplainer(GuestLifters.For(code.Isa), code.Extensions, code.Image);
        for (ulong next; start < end; start = next)
        {
            if (explainer.Explain(start) is not { GuestCode.Length: > 0 } block)
                throw new UserException($"0x{start:x}", "there is no code at this address", "'dbt disasm' shows what there is", ExitCode.Failure);
            next = start + (ulong)block.GuestCode.Length;
            var guest = disassembler.Lines(code.Image, new AddressRange(start, next)).ToList();
            var title = $"block {start:x}{(code.Image.NameOf(start) is { } name ? $" <{name}>" : "")}: "
                + $"{guest.Count} guest instructions, {block.GuestCode.Length} bytes; {block.HostCode.Length} bytes of host code";
            if (isSideBySide)
                ExplanationReport.WriteSideBySide(title, guest, block);
            else
                ExplanationReport.WriteInSequence(title, guest, block);
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
