namespace Dbt.Cli.Tests;

public sealed class ExplainTests
{
    // add a0,a0,a1; ld a0,0(a0); lui a0,0x10000; csrr a0,cycle; jr ra
    private static readonly string[] s_words = ["00b50533", "00053503", "10000537", "c0002573", "8082"];

    [Fact]
    public void Shows_guest_code_beside_its_host_code()
    {
        var output = Explain(s_words);
        Assert.Matches(@"(?m)^ +10000  00b50533  add a0,a0,a1 +3  [0-9a-f]{3}  [0-9a-f]{6} +add rsi, rdi$", output);
        Assert.Matches(@"(?m)^ +10008  10000537  lui a0,0x10000 +0  \(", output);
        Assert.Matches(@"(?m)^ +1000c .*\(interpreted\)", output);
        Assert.Contains("[r15+rsi]", output, StringComparison.Ordinal);
        Assert.DoesNotContain('\e', output);
    }

    [Fact]
    public void Names_what_host_code_refers_to()
    {
        var output = Explain(s_words);
        Assert.Contains(" a0=rsi ", output, StringComparison.Ordinal);
        Assert.Contains("[rbp+Poll]", Explain("8082"), StringComparison.Ordinal);
        Assert.Contains("[rbp+Budget]", Explain(["--counted", "8082"]), StringComparison.Ordinal);
        Assert.Matches(@"(?m)^ +10004  interpret\d+: the interpreter's ", output);
        Assert.Contains("mov rax, instruction_10004", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Marks_jumps_that_are_patched_with_their_targets()
    {
        // bnez a0,.-4
        var output = Explain("fe051ee3");
        Assert.Matches(@"(?m) jne exit\d+ +; patched to go to fffc$", output);
        Assert.Matches(@"(?m) jmp exit\d+ +; patched to go to 10004$", output);
        Assert.Matches(@"(?m)^ +10000  exit\d+: target not translated yet ", output);
    }

    [Fact]
    public void Shows_a_site_of_a_call_in_all_its_states()
    {
        // li a7,178; ecall: gettid
        var provable = Explain("0b200893", "00000073");
        Assert.Matches(@"(?m)^ +10004  patched  .*jmp call\d+ +at first: leaves$", provable);
        Assert.Matches(@"(?m)^ +10004  patched  .*jmp .* calls its handler$", provable);
        Assert.Matches(@"(?m)^ +10004  patched  mov rsi, \S*\[rbp\+CallWords\[0\]\] +hot, inlined: is the handler$", provable);
        var funnel = Explain("00000073");
        Assert.Matches(@"(?m)^ +10000  patched  .*hot: looks which call it is, and calls its handler$", funnel);
        Assert.DoesNotContain("inlined", funnel, StringComparison.Ordinal);
        Assert.Contains("call CallLookup", funnel, StringComparison.Ordinal);
    }

    [Fact]
    public void Sums_up_each_block() =>
        Assert.Matches(@"(?m)^  4 guest instructions, 16 bytes -> \d+ host bytes, \d+\.\d an instruction, and \d+ cold; compiled in \d+\.\d us, \d+ ns an instruction$",
            Explain(s_words));

    [Fact]
    public void Checks_of_guest_addresses_go_for_a_trusted_guest()
    {
        Assert.Contains("cmp rsi, [rbp+MemoryLimit]", Explain(s_words), StringComparison.Ordinal);
        var trusted = Explain(["--trusted", .. s_words]);
        Assert.DoesNotContain("MemoryLimit", trusted, StringComparison.Ordinal);
        Assert.Contains("mov rsi, [r15+rsi]", trusted, StringComparison.Ordinal);
    }

    [Fact]
    public void Shows_the_IL_of_the_block_engine_between_them()
    {
        var output = Explain("--engine", "block", "00b50533", "8082");
        Assert.Matches(@"(?m)^ +10000  00b50533  add a0,a0,a1 +ldarg\.0\b", output);
        Assert.Matches(@"(?m) (ret|jmp .*)$", output);
        Assert.DoesNotContain('\e', output);
    }

    [Fact]
    public void Says_what_it_cannot_explain()
    {
        Assert.Contains("one of baseline, block, region, not 'interpreter'", DbtProcess.Run("explain", "--engine", "interpreter", "8082").FailsInOneLine(2), StringComparison.Ordinal);
        Assert.Contains("too much", DbtProcess.Run("explain", DbtProcess.Guest("hello")).FailsInOneLine(2), StringComparison.Ordinal);
        Assert.Contains("no code", DbtProcess.Run("explain", "--address", "10", DbtProcess.Guest("hello")).FailsInOneLine(1), StringComparison.Ordinal);
    }

    private static string Explain(params string[] arguments) => DbtProcess.Run(["explain", .. arguments]).Exits(0).Output;
}
