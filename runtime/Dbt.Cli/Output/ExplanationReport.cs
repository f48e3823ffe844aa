using Dbt.Cli.Code;
using Dbt.Translator.Il.Blocks;
using Spectre.Console;

namespace Dbt.Cli.Output;

/// <summary>What <c>dbt explain</c> prints of one block.</summary>
internal static class ExplanationReport
{
    // Room for an address, ten bytes and an x86 instruction beside guest code and IL.
    private const int SideBySideWidth = 140;

    private const string PartMark = "// ";

    /// <summary>Whether three columns fit where the output goes.</summary>
    public static bool FitsSideBySide => !Console.IsOutputRedirected && AnsiConsole.Profile.Width >= SideBySideWidth;

    /// <summary>Writes guest code, IL and host code in three columns, each guest instruction at the height of its IL.</summary>
    public static void WriteSideBySide(string title, IReadOnlyList<DisassembledLine> guest, BlockExplanation block)
    {
        var left = new List<string>();
        var middle = new List<string>();
        foreach (var (instruction, il) in Parts(guest, block))
        {
            left.AddRange(instruction is { } line ? [GuestLine(line)] : Array.Empty<string>());
            middle.AddRange(il);
            while (left.Count < middle.Count)
                left.Add("");
            while (middle.Count < left.Count)
                middle.Add("");
        }
        Console.Out.WriteLine(title);
        var table = TextTable.Create("Guest", "IL", "Host");
        table.Add(string.Join('\n', left), string.Join('\n', middle), string.Join('\n', HostLines(block)));
        TextTable.Write(table);
    }

    /// <summary>Writes guest code with the IL below each instruction, and then the host code.</summary>
    public static void WriteInSequence(string title, IReadOnlyList<DisassembledLine> guest, BlockExplanation block)
    {
        var output = Console.Out;
        output.WriteLine(title);
        output.WriteLine("  Guest, with its IL:");
        foreach (var (instruction, il) in Parts(guest, block))
        {
            if (instruction is { } line)
                output.WriteLine($"  {GuestLine(line)}");
            foreach (var text in il)
                output.WriteLine($"      {text}");
        }
        output.WriteLine("  Host:");
        foreach (var text in HostLines(block))
            output.WriteLine($"  {text}");
        output.WriteLine();
    }

    private static string GuestLine(DisassembledLine line) => $"{line.Address,8:x}  {line.Encoding,-8}  {line.Text.Replace('\t', ' ')}";

    private static IEnumerable<string> HostLines(BlockExplanation block) =>
        block.HostCode.Length == 0 ? ["(its length is not known)"] : HostDisassembler.Lines(block.HostCode, block.HostAddress);

    // Each guest instruction with its IL; what stands before the first one (the block's own work) comes first, without one.
    private static List<(DisassembledLine? Instruction, List<string> Il)> Parts(IReadOnlyList<DisassembledLine> guest, BlockExplanation block)
    {
        var parts = new List<(DisassembledLine?, List<string> Il)> { (null, []) };
        foreach (var line in block.Il)
        {
            if (!line.TrimStart().StartsWith(PartMark, StringComparison.Ordinal))
                parts[^1].Il.Add(line);
            else if (parts.Count <= guest.Count)
                parts.Add((guest[parts.Count - 1], []));
        }
        while (parts.Count <= guest.Count)
            parts.Add((guest[parts.Count - 1], []));
        return parts;
    }
}
