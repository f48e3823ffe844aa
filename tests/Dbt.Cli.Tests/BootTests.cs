using System.Diagnostics;

namespace Dbt.Cli.Tests;

/// <summary><c>dbt boot</c> with what is no kernel, or does not fit.</summary>
public sealed class BootTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void A_kernel_that_is_none_is_told_in_one_line()
    {
        File.WriteAllText(_file, "not a kernel");
        var result = DbtProcess.Run("boot", "--kernel", _file);
        Assert.Equal(126, result.ExitCode);
        Assert.Contains("no RISC-V Linux Image", result.Error, StringComparison.Ordinal);
        Assert.Equal(1, result.Error.Count(character => character == '\n'));
    }

    [Fact]
    public void A_kernel_that_does_not_fit_says_how_much_it_needs()
    {
        File.WriteAllBytes(_file, Image(length: 1UL << 30));
        var result = DbtProcess.Run("boot", "--kernel", _file, "--memory", "64M");
        Assert.Equal(126, result.ExitCode);
        Assert.Contains("give it more memory", result.Error, StringComparison.Ordinal);
    }

    // li a7, SRST; li a6, 0; li a0, 0; li a1, 1; ecall.
    [Fact]
    public void A_kernel_switches_the_machine_off_with_its_exit_code()
    {
        Write(0x535258b7, 0x35488893, 0x00000813, 0x00000513, 0x00100593, 0x00000073, 0x0000006f);
        Assert.Equal(1, DbtProcess.Run("boot", "--kernel", _file, "--memory", "64M").ExitCode);
    }

    // Asks by the serial port; restarts the machine for an r, and switches it off for anything else: a0 = typed == 'r'; li a1, 1; li a6, 0;
    // li a7, SRST; ecall.
    [Theory]
    [InlineData("rrq", "--stats", 1, 3)]
    [InlineData("r", "--no-reboot", 0, 1)]
    public void A_kernel_restarts_the_machine(string typed, string option, int exitCode, int starts)
    {
        Write(
            0x100002b7, 0x03f00313, 0x00628023, 0x0052c303, 0x00137313, 0xfe030ce3, 0x0002c503, 0xf8e50513,
            0x00153513, 0x00100593, 0x00000813, 0x535258b7, 0x35488893, 0x00000073, 0x0000006f);
        using var process = Process.Start(new ProcessStartInfo(DbtProcess.Executable, ["boot", "--kernel", _file, "--memory", "64M", option])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        foreach (var key in typed)
        {
            Assert.Equal('?', process.StandardOutput.Read());
            starts--;
            process.StandardInput.Write(key);
            process.StandardInput.Flush();
        }
        Assert.Equal(-1, process.StandardOutput.Read());
        process.WaitForExit();
        Assert.Equal((exitCode, 0), (process.ExitCode, starts));
    }

    // The header is jumped over.
    private void Write(params uint[] code)
    {
        var image = Image(length: 0x1000);
        BitConverter.TryWriteBytes(image.AsSpan(0), 0x0400006fu);
        for (var i = 0; i < code.Length; i++)
            BitConverter.TryWriteBytes(image.AsSpan(64 + 4 * i), code[i]);
        File.WriteAllBytes(_file, image);
    }

    private static byte[] Image(ulong length)
    {
        var image = new byte[256];
        BitConverter.TryWriteBytes(image.AsSpan(8), 0x20_0000UL);
        BitConverter.TryWriteBytes(image.AsSpan(16), length);
        "RSC\x05"u8.CopyTo(image.AsSpan(0x38));
        return image;
    }
}
