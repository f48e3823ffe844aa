using System.Diagnostics;
using System.Runtime.InteropServices;
using Dbt.Runtime.Tests.Elf;

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
        Assert.Contains("neither a RISC-V Linux Image", result.Error, StringComparison.Ordinal);
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

    [Theory]
    [InlineData("--kernel")]
    [InlineData("--bios")]
    [InlineData("--initrd")]
    public void Files_that_are_missing_are_named(string option)
    {
        var result = DbtProcess.Run(option == "--initrd" ? ["boot", "--kernel", DbtProcess.Executable, option, "/nonexistent/file"] : ["boot", option, "/nonexistent/file"]);
        Assert.Equal((127, "dbt: /nonexistent/file: not found\n"), (result.ExitCode, result.Error));
    }

    [Fact]
    public void Programs_that_are_empty_are_named() =>
        Assert.Equal((126, $"dbt: {_file}: is empty\n"), DbtProcess.Run("boot", "--bios", _file) is var result ? (result.ExitCode, result.Error) : default);

    [Fact]
    public void Programs_for_other_processors_are_refused()
    {
        var result = DbtProcess.Run("boot", "--bios", DbtProcess.Executable);
        Assert.Equal(126, result.ExitCode);
        Assert.Contains("the firmware cannot be used: built for x86-64", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0x1000UL, 0x1000UL, "link the firmware for it")]
    [InlineData(0x8000_0000UL, 1UL << 40, "give it more memory")]
    [InlineData(0x8000_0000UL, 0UL, "nothing to load")]
    public void Firmware_that_does_not_fit_is_refused(ulong address, ulong length, string message)
    {
        File.WriteAllBytes(_file, new ElfBuilder(entry: address).Segment(ElfBuilder.Load, ElfBuilder.X, 0x200, address, Math.Min(length, 4), length).Build(0x1000));
        var result = DbtProcess.Run("boot", "--bios", _file, "--memory", "64M");
        Assert.Equal(126, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Firmware_and_kernel_may_not_overlap()
    {
        var kernel = Path.GetTempFileName();
        File.WriteAllBytes(kernel, Image(length: 0x1000));
        File.WriteAllBytes(_file, new byte[0x30_0000]);
        var result = DbtProcess.Run("boot", "--bios", _file, "--kernel", kernel);
        File.Delete(kernel);
        Assert.Equal(126, result.ExitCode);
        Assert.Contains("overlap: 0x80000000 to 0x802fffff, and 0x80200000", result.Error, StringComparison.Ordinal);
    }

    // lui t0, 0x100; t1 = 7 << 16 | 0x3333; sw t1, 0(t0): flat, at the beginning of RAM.
    [Fact]
    public void A_program_for_M_mode_ends_by_the_test_device()
    {
        File.WriteAllBytes(_file, MemoryMarshal.AsBytes<uint>([0x001002b7, 0x00073337, 0x33330313, 0x0062a023, 0x0000006f]).ToArray());
        Assert.Equal(7, DbtProcess.Run("boot", "--bios", _file, "--cpus", "2").ExitCode);
    }

    // Hart 0 prints ! and ends with 5 by the word at 0x80001000, which is the symbol tohost.
    [Theory]
    [InlineData(2, 0x8000_0000UL)]
    [InlineData(3, 0UL)]
    public void A_program_for_M_mode_ends_by_its_symbol(ushort type, ulong linkedFor)
    {
        uint[] code =
        [
            0xf14022f3, 0x00029063, 0x00001297, 0xff828293, 0x10100313, 0x03031313, 0x02130313, 0x0062b023, 0x0002b383, 0xfe039ee3, 0x00b00313, 0x0062b023, 0xffdff06f,
        ];
        File.WriteAllBytes(_file, new ElfBuilder(type, linkedFor)
            .Segment(ElfBuilder.Load, ElfBuilder.X, 0x200, linkedFor, (ulong)code.Length * 4, 0x2000)
            .Contents(0x200, MemoryMarshal.AsBytes<uint>(code).ToArray())
            .Contents(0x400, [.. "\0.symtab\0.strtab\0tohost\0"u8])
            .Symbol(0x800, 17, 0x10, linkedFor + 0x1000, 8)
            .Section(1, 2, 0x800, 24, link: 2, entrySize: 24)
            .Section(9, 3, 0x400, 24)
            .Build(0x1000));
        var result = DbtProcess.Run("boot", "--bios", _file, "--cpus", "2");
        Assert.Equal((5, "!"), (result.ExitCode, result.Output));
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
