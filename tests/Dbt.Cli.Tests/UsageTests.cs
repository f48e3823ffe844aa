namespace Dbt.Cli.Tests;

/// <summary>Command lines that make no sense: exit code 2 and one line that says what to do instead.</summary>
public sealed class UsageTests
{
    [Theory]
    [InlineData("no command given")]
    [InlineData("'foo' is not a command", "foo")]
    [InlineData("Required argument missing", "run")]
    [InlineData("unknown option '--bogus'", "run", "--bogus", "program")]
    [InlineData("--engine takes one of auto, interpreter, baseline, block", "run", "--engine", "fast", "program")]
    [InlineData("--engine", "run", "--engine", "block", "--engine", "block", "program")]
    [InlineData("--max-instructions takes a positive number", "run", "--max-instructions", "0", "program")]
    [InlineData("--max-instructions takes a positive number", "run", "--max-instructions=many", "program")]
    [InlineData("--memory takes a size such as 512M", "run", "--memory", "5Q", "program")]
    [InlineData("--cache takes a size such as 512M", "run", "--cache", "-1", "program")]
    [InlineData("-E", "run", "-E")]
    [InlineData("'=value'", "run", "-E", "=value", "program")]
    [InlineData("unknown option '--bogus'", "disasm", "--bogus", "4501")]
    [InlineData("neither a file nor a hexadecimal word", "disasm", "4501", "words")]
    [InlineData("--address takes START", "disasm", "--address", "here", "4501")]
    [InlineData("--base takes a hexadecimal address", "disasm", "--base", "here", "4501")]
    [InlineData("exclude each other", "disasm", "--address", "0", "--symbol", "main", "4501")]
    [InlineData("no extension 'q'", "disasm", "--isa", "rv64iq", "4501")]
    [InlineData("not an ISA string", "disasm", "--isa", "x86", "4501")]
    [InlineData("requires I", "disasm", "--isa", "rv64d", "4501")]
    [InlineData("no extension 'Zfoo'", "isa", "Zfoo")]
    [InlineData("no guest 'vax'", "isa", "--guest", "vax")]
    [InlineData("no machine 'virt-9'", "machine", "virt-9")]
    [InlineData("sstc is on or off", "machine", "virt-1,sstc=maybe")]
    [InlineData("there is nothing to boot", "boot")]
    [InlineData("no machine 'virt-9'", "boot", "--kernel", "Image", "--machine", "virt-9")]
    [InlineData("at most 64 harts", "boot", "--kernel", "Image", "--cpus", "65")]
    [InlineData("at most 64 harts", "machine", "virt-1", "--cpus", "65")]
    [InlineData("--disk has ro, serial=TEXT and pci", "boot", "--kernel", "Image", "--disk", "disk.img,rw")]
    [InlineData("--net takes user", "boot", "--kernel", "Image", "--net", "tap")]
    [InlineData("hostfwd=tcp::PORT-:GUESTPORT", "boot", "--kernel", "Image", "--net", "user,hostfwd=udp::1-:2")]
    [InlineData("--share has tag=TAG", "boot", "--kernel", "Image", "--share", ".,rw")]
    public void Exits_with_2_and_says_why(string why, params string[] arguments)
    {
        var result = DbtProcess.Run(arguments);
        Assert.Contains(why, result.FailsInOneLine(2), StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    [Fact]
    public void A_program_without_a_command_is_pointed_to_run()
    {
        var hello = DbtProcess.Guest("hello");
        Assert.Contains($"did you mean 'dbt run {hello}'?", DbtProcess.Run(hello).FailsInOneLine(2), StringComparison.Ordinal);
    }
}
