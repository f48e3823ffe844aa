using Iced.Intel;

namespace Dbt.Cli.Output;

/// <summary>Host machine code as text. Only here is Iced used.</summary>
internal static class HostDisassembler
{
    // Longer instructions exist, but are too rare to make all others hard to read.
    private const int ByteColumns = 10;

    /// <summary>A line for each instruction: address, bytes, text.</summary>
    public static IEnumerable<string> Lines(byte[] code, ulong address)
    {
        var decoder = Iced.Intel.Decoder.Create(64, code, address);
        var formatter = new IntelFormatter { Options = { SpaceAfterOperandSeparator = true, HexPrefix = "0x", HexSuffix = "", UppercaseHex = false, BranchLeadingZeros = false } };
        var text = new StringOutput();
        while (decoder.IP < address + (ulong)code.Length)
        {
            decoder.Decode(out var instruction);
            formatter.Format(instruction, text);
            var bytes = Convert.ToHexStringLower(code, (int)(instruction.IP - address), instruction.Length);
            yield return $"{instruction.IP:x12}  {bytes.PadRight(ByteColumns * 2)}  {text.ToStringAndReset()}";
        }
    }
}
