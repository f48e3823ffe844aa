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

    // Kernel code that switches the machine off: li a7, SRST; li a6, 0; li a0, 0; li a1, 1; ecall.
    [Fact]
    public void A_kernel_switches_the_machine_off_with_its_exit_code()
    {
        var image = Image(length: 0x1000);
        uint[] code = [0x535258b7, 0x35488893, 0x00000813, 0x00000513, 0x00100593, 0x00000073, 0x0000006f];
        // The header is jumped over.
        BitConverter.TryWriteBytes(image.AsSpan(0), 0x0400006fu);
        for (var i = 0; i < code.Length; i++)
            BitConverter.TryWriteBytes(image.AsSpan(64 + 4 * i), code[i]);
        File.WriteAllBytes(_file, image);
        Assert.Equal(1, DbtProcess.Run("boot", "--kernel", _file, "--memory", "64M").ExitCode);
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
