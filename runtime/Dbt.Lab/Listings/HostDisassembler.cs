using Dbt.Translator.Explaining;
using Iced.Intel;

namespace Dbt.Lab.Listings;

/// <summary>Host machine code as text. Only here and in <see cref="HostSymbols"/> is Iced used.</summary>
internal static class HostDisassembler
{
    /// <summary>The instructions of a block's host code.</summary>
    /// <param name="block">The block.</param>
    /// <param name="symbols">What things are called.</param>
    /// <param name="nameOf">What a guest address is called; null when it has no name.</param>
    public static IEnumerable<HostLine> Lines(BlockExplanation block, HostSymbols symbols, Func<ulong, string?> nameOf)
    {
        var decoder = Iced.Intel.Decoder.Create(64, block.HostCode, block.HostAddress);
        var formatter = new IntelFormatter(symbols)
        {
            Options =
            {
                SpaceAfterOperandSeparator = true,
                HexPrefix = "0x",
                HexSuffix = "",
                UppercaseHex = false,
                SmallHexNumbersInDecimal = true,
                BranchLeadingZeros = false,
                ShowBranchSize = false,
                MemorySizeOptions = MemorySizeOptions.Minimal,
            },
        };
        var text = new StringOutput();
        while (decoder.IP < block.HostAddress + (ulong)block.HostCode.Length)
        {
            decoder.Decode(out var instruction);
            formatter.Format(instruction, text);
            var offset = (int)(instruction.IP - block.HostAddress);
            var bytes = Convert.ToHexStringLower(block.HostCode, offset, instruction.Length);
            yield return new HostLine(offset, instruction.Length, bytes, text.ToStringAndReset(), NoteOn(block, offset, instruction.Length, nameOf));
        }
    }

    private static string NoteOn(BlockExplanation block, int offset, int length, Func<ulong, string?> nameOf)
    {
        foreach (var point in block.PatchPoints)
            if (point.Offset >= offset && point.Offset < offset + length)
                return $"patched to go to {point.Target:x}{(nameOf(point.Target) is { } name ? $" <{name}>" : "")}";
        return "";
    }
}
