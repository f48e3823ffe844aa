using Dbt.Lab.Snippets;

namespace Dbt.Lab.Tests.Snippets;

public sealed class SnippetTests
{
    private const string Sum = "long f(long *p, long n) { long s = 0; while (n--) s += *p++; return s; }";

    [CompilerFact]
    public void Shows_what_each_engine_qemu_and_gcc_make_of_a_function()
    {
        var output = DbtProcess.Run("lab", "snippet", "-e", Sum).Exits(0).Output;
        foreach (var title in (string[])["guest", "baseline", "block", "qemu-riscv64", "gcc, for this machine", "sizes"])
            Assert.Contains($"== {title}\n", output, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^guest +\d+ +\d+ +1\.00$", output);
        Assert.Matches(@"(?m)^baseline +\d+ +\d+ +\d\.\d\d  \d+ bytes more are cold; compiled in", output);
        Assert.Matches(@"(?m)^gcc +\d+ +\d+ ", output);
        Assert.Matches(@"(?m)^qemu-riscv64 +[1-9]\d+ +[1-9]\d+ ", output);
    }

    [CompilerFact]
    public void Takes_assembly_and_chosen_engines()
    {
        var output = DbtProcess.Run("lab", "snippet", "-e", "sh1add a0,a0,a1; ret", "--flags", "-march=rv64gc_zba", "--engines", "baseline", "--no-qemu").Exits(0).Output;
        Assert.Contains("lea rsi, [rdi+rsi*2]", output, StringComparison.Ordinal);
        Assert.DoesNotContain("== block", output, StringComparison.Ordinal);
        Assert.DoesNotContain("== gcc", output, StringComparison.Ordinal);
    }

    [CompilerFact]
    public void Takes_a_file()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["two.c"], Sum + "\nint g(int x) { return x * 3; }");
        var output = DbtProcess.Run("lab", "snippet", folder["two.c"], "--engines", "none", "--no-qemu").Exits(0).Output;
        Assert.Contains("<f>:", output, StringComparison.Ordinal);
        Assert.Contains("<g>:", output, StringComparison.Ordinal);
    }

    [CompilerFact]
    public void Passes_on_what_the_compiler_says()
    {
        Assert.Contains("unrecognized opcode `frobnicate a0'", DbtProcess.Run("lab", "snippet", "-e", "frobnicate a0").FailsInOneLine(1), StringComparison.Ordinal);
        Assert.Contains("error: ", DbtProcess.Run("lab", "snippet", "-e", "int f( { }").FailsInOneLine(1), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("is empty", "-e", " ")]
    [InlineData("exclude each other", "-e", "ret", "x.s")]
    [InlineData("not 'interpreter'", "-e", "ret", "--engines", "interpreter")]
    public void Says_in_one_line_what_is_wrong(string what, params string[] arguments) =>
        Assert.Contains(what, DbtProcess.Run(["lab", "snippet", .. arguments]).FailsInOneLine(2), StringComparison.Ordinal);

    [Fact]
    public void Reads_the_log_of_qemu()
    {
        const string Log = """
            PROLOGUE: [size=45]
            0x7f0000000000:  55                       pushq    %rbp
            ----------------
            IN: f
            0x0000000000010000:  00b05d63          blez                    a1,26

            OUT: [size=95]
              -- guest addr 0x0000000000010000 + tb prologue
            0x7f0000000240:  8b 5d f8                 movl     -8(%rbp), %ebx
            0x7f0000000260:  48 c7 85 30 13 00 00 04  movq     $0x10004, 0x1330(%rbp)
            0x7f0000000268:  00 01 00

            ----------------
            IN: _start
            0x0000000000010100:  00000013          nop

            OUT: [size=11]
            0x7f0000000340:  8b 5d f8                 movl     -8(%rbp), %ebx

            """;
        var translation = QemuTranslation.Parse(Log, 0x10000, 0x20);
        Assert.Equal((95, 2), (translation.Bytes, translation.Instructions));
        Assert.DoesNotContain("_start", translation.Text, StringComparison.Ordinal);
    }
}
