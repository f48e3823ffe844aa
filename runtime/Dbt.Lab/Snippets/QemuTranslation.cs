using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Dbt.Lab.Tools;

namespace Dbt.Lab.Snippets;

/// <summary>What qemu makes of a program, as its own log tells. It translates what it executes, so a part may be missing.</summary>
/// <param name="Text">Guest and host code of each translation.</param>
/// <param name="Bytes">Bytes of host code.</param>
/// <param name="Instructions">Host instructions.</param>
internal sealed partial record QemuTranslation(string Text, int Bytes, int Instructions)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(2);

    /// <summary>Runs a program and reads qemu's log; null without qemu.</summary>
    /// <param name="emulator">qemu's name.</param>
    /// <param name="program">The program.</param>
    /// <param name="start">First guest address of interest.</param>
    /// <param name="length">Bytes that are.</param>
    public static QemuTranslation? Of(string emulator, string program, ulong start, ulong length)
    {
        var log = program + ".log";
        // It may crash or loop: what is wanted has been translated by then.
        if (ExternalTool.Run(s_limit, "", emulator, "-d", "in_asm,out_asm", "-D", log, "-dfilter", $"0x{start:x}+0x{length:x}", program) is null)
            return null;
        return File.Exists(log) ? Parse(File.ReadAllText(log), start, length) : new QemuTranslation("", 0, 0);
    }

    /// <summary>Reads a log.</summary>
    internal static QemuTranslation Parse(string log, ulong start, ulong length)
    {
        var text = new StringBuilder();
        var (bytes, instructions) = (0, 0);
        foreach (var translation in log.Split("----------------\nIN:").Skip(1))
        {
            var first = GuestAddress().Match(translation);
            if (!first.Success || ulong.Parse(first.Groups[1].ValueSpan, NumberStyles.HexNumber, CultureInfo.InvariantCulture) - start >= length)
                continue;
            text.Append("IN:").AppendLine(translation.TrimEnd());
            bytes += OutSize().Matches(translation).Sum(match => int.Parse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture));
            var host = translation.IndexOf("\nOUT:", StringComparison.Ordinal);
            instructions += host < 0 ? 0 : HostInstruction().Count(translation[host..]);
        }
        return new QemuTranslation(text.ToString(), bytes, instructions);
    }

    [GeneratedRegex("0x([0-9a-f]+):")]
    private static partial Regex GuestAddress();

    [GeneratedRegex(@"OUT: \[size=(\d+)\]")]
    private static partial Regex OutSize();

    // Long ones go on in a second line that has bytes only.
    [GeneratedRegex(@"(?m)^0x[0-9a-f]+:  (?:[0-9a-f]{2} )+ +\S")]
    private static partial Regex HostInstruction();
}
