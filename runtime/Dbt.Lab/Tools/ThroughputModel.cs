using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Dbt.Lab.Corpora;
using Dbt.Translator.Explaining;
using Iced.Intel;

namespace Dbt.Lab.Tools;

/// <summary>
/// Asks llvm-mca how long regions should take on this host: for each basic block the cycles of its host code, repeated, times how often it is executed.
/// It knows nothing of caches and mispredicted jumps.
/// </summary>
internal sealed partial class ThroughputModel
{
    private const string Tool = "llvm-mca";
    private const int Iterations = 100;

    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(2);

    // One process for all blocks of a region.
    private const string Begin = "# LLVM-MCA-BEGIN b";
    private const string End = "# LLVM-MCA-END";

    /// <summary>Whether the host has the tool.</summary>
    public static bool IsInstalled => ExternalTool.Run(s_limit, "", Tool, "--version") is { ExitCode: 0 };

    /// <summary>The cycles of a region; null when the tool cannot tell.</summary>
    /// <param name="region">The region.</param>
    /// <param name="explainer">Shows what the engine makes of guest code; of the region's memory.</param>
    public static double? CyclesOf(CapturedRegion region, IBlockExplainer explainer)
    {
        var text = new StringBuilder(".intel_syntax noprefix\n");
        var blocks = new List<CapturedBlock>();
        foreach (var block in region.Blocks)
            if (explainer.Explain(block.Start) is { } explanation && HostText(explanation, block.Length) is { Length: > 0 } host)
            {
                text.Append(CultureInfo.InvariantCulture, $"{Begin}{blocks.Count}\n{host}{End}\n");
                blocks.Add(block);
            }
        if (blocks.Count < region.Blocks.Count || ExternalTool.Run(s_limit, text.ToString(), Tool, "-mcpu=native", $"-iterations={Iterations}", "--instruction-info=false", "--resource-pressure=false") is not { ExitCode: 0 } result)
            return null;
        var cycles = TotalCycles().Matches(result.Output).Select(match => double.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) / Iterations).ToList();
        return cycles.Count == blocks.Count ? blocks.Zip(cycles).Sum(pair => pair.First.Count * pair.Second) : null;
    }

    // The host's instructions for the first so many of the guest: a trace goes on with other blocks.
    private static string HostText(BlockExplanation block, int length)
    {
        // A region without parts: nobody knows which of its code is the block's.
        if (block.Parts.Count == 0 && block.Instructions.Count > length)
            return "";
        var parts = block.Parts.Where(part => !part.IsCold && part.Instruction < length).ToList();
        var text = new StringBuilder();
        var formatter = new IntelFormatter { Options = { HexPrefix = "0x", HexSuffix = "", SpaceAfterOperandSeparator = true, ShowBranchSize = false } };
        var output = new StringOutput();
        var decoder = Iced.Intel.Decoder.Create(64, block.HostCode, block.HostAddress);
        while (decoder.IP < block.HostAddress + (ulong)block.HostCode.Length)
        {
            decoder.Decode(out var instruction);
            var offset = (int)(instruction.IP - block.HostAddress);
            if (instruction.IsInvalid || block.Parts.Count > 0 && !parts.Exists(part => offset >= part.Offset && offset < part.Offset + part.Length))
                continue;
            // Targets are numbers that the tool's parser finds too large.
            if (instruction.FlowControl is FlowControl.ConditionalBranch or FlowControl.UnconditionalBranch or FlowControl.Call)
                output.Write($"{instruction.Mnemonic.ToString().ToLowerInvariant()} 0", FormatterTextKind.Text);
            else
                formatter.Format(instruction, output);
            text.Append(output.ToStringAndReset()).Append('\n');
        }
        return text.ToString();
    }

    [GeneratedRegex(@"(?m)^Total Cycles: +(\d+)$")]
    private static partial Regex TotalCycles();
}
