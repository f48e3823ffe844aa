using System.Diagnostics;

namespace Dbt.Isa.Tests.Objdump;

/// <summary>Runs binutils' objdump for RISC-V.</summary>
internal static class ObjdumpProcess
{
    private const string Program = "riscv64-linux-gnu-objdump";

    /// <summary>Why it cannot run; null when it can.</summary>
    public static string? Missing { get; } = FindMissing();

    /// <summary>Texts of the instructions of an object file by address, blanks and comments normalised: mnemonic, a tab, operands.</summary>
    public static Dictionary<ulong, string> Disassemble(byte[] objectFile, string options)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, objectFile);
            var start = new ProcessStartInfo(Program, $"-d -z --no-show-raw-insn {options} {path}") { RedirectStandardOutput = true };
            using var process = Process.Start(start)!;
            var texts = new Dictionary<ulong, string>();
            while (process.StandardOutput.ReadLine() is { } line)
                if (line.IndexOf(":\t", StringComparison.Ordinal) is > 0 and var colon
                    && ulong.TryParse(line.AsSpan(0, colon).Trim(), System.Globalization.NumberStyles.HexNumber, null, out var address))
                    texts[address] = Normalise(line[(colon + 2)..]);
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
            return texts;
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static string Normalise(string text)
    {
        // Comments say where an address computed by two instructions points to; symbols say which function a target lies in.
        foreach (var mark in new[] { " #", " <" })
            if (text.IndexOf(mark, StringComparison.Ordinal) is >= 0 and var at)
                text = text[..at];
        return text.TrimEnd();
    }

    private static string? FindMissing()
    {
        var path = Environment.GetEnvironmentVariable("PATH") ?? "";
        return path.Split(':').Any(folder => File.Exists(Path.Combine(folder, Program)))
            ? null
            : $"{Program} is not installed (package binutils-riscv64-linux-gnu)";
    }
}
