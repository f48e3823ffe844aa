using Dbt.Isa.Riscv;
using Dbt.Runtime.Linux.Abi.Riscv;
using Dbt.Runtime.Linux.Syscalls;
using Dbt.Translator.Engines;

namespace Dbt.Runtime.Linux.Tests.Processes;

/// <summary>Whole programs: the small ones that are committed in tests/guests/bin.</summary>
public sealed class LinuxProcessTests : IDisposable
{
    private static readonly string Guests = FindGuests();
    private readonly string _directory = Directory.CreateTempSubdirectory("dbt-test-").FullName;
    private readonly StringWriter _diagnostics = new();

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("hello")]
    [InlineData("static-pie/hello")]
    public void AProgramPrintsAndEnds(string program)
    {
        Assert.Equal((0, "Hello from riscv64, you!\n"), Run(Options(program) with { Arguments = ["you"] }));
        Assert.Equal("", _diagnostics.ToString());
    }

    [Fact]
    public void TheExitCodeIsTheGuests() => Assert.Equal((42, ""), Run(Options("exit-code") with { Arguments = ["42"] }));

    [Fact]
    public void AProgramOnTheCLibraryRuns()
    {
        var (code, output) = Run(Options("static/hello-libc"));
        Assert.Equal(0, code);
        Assert.NotEmpty(output);
    }

    [Theory]
    [InlineData("null-load", 139, "dbt: guest killed by SIGSEGV: load from 0x0 (null pointer) at pc 0x")]
    [InlineData("wild-store", 139, "dbt: guest killed by SIGSEGV: store to 0x123456789000 at pc 0x")]
    [InlineData("wild-jump", 139, "dbt: guest killed by SIGSEGV: jump to 0x123456789000, which may not be executed")]
    [InlineData("stack-overflow", 139, "(stack overflow) at pc 0x")]
    [InlineData("file-end", 135, "dbt: guest killed by SIGBUS: load from 0x")]
    [InlineData("misaligned-amo", 135, "dbt: guest killed by SIGBUS: misaligned access to 0x")]
    [InlineData("illegal-instruction", 132, "dbt: guest killed by SIGILL: illegal instruction 0xffffffff at pc 0x")]
    [InlineData("breakpoint", 133, "dbt: guest killed by SIGTRAP: breakpoint at pc 0x")]
    [InlineData("kill-self", 143, "")]
    [InlineData("bad-syscall", 0, "")]
    [InlineData("huge-mmap", 0, "")]
    public void AFatalSignalIsReportedOnOneLine(string program, int code, string message)
    {
        Assert.Equal(code, Run(Options($"hostile/{program}")).Code);
        Assert.Contains(message, _diagnostics.ToString(), StringComparison.Ordinal);
        Assert.Equal(message.Length == 0 ? 0 : 1, _diagnostics.ToString().Count(c => c == '\n'));
    }

    [Fact]
    public void TheBudgetIsExact()
    {
        using var process = LinuxProcess.Create(Options("count") with { Arguments = ["1000000000"], MaximumInstructions = 12345 });
        Assert.Equal(124, process.Run());
        Assert.Equal(12345, process.Instructions);
        Assert.StartsWith("dbt: guest stopped after 12345 instructions", _diagnostics.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void AnEndlessGuestCanBeCancelledAndRunOn()
    {
        using var process = LinuxProcess.Create(Options("count") with { Arguments = ["1000000000"], MaximumInstructions = 30_000_000 });
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();
        Assert.Throws<OperationCanceledException>(() => process.Run(cancellation.Token));
        Assert.True(process.Instructions < 30_000_000);
        Assert.Equal(124, process.Run());
        Assert.Equal(30_000_000, process.Instructions);
    }

    [Fact]
    public void TheSymbolOfAFaultIsNamed()
    {
        using var process = LinuxProcess.Create(Options("static/hello-libc") with { MaximumInstructions = 1000 });
        Assert.Equal(124, process.Run());
        Assert.Matches(@"at pc 0x[0-9a-f]+ \([_a-z][^()]*\+0x[0-9a-f]+\)\n$", _diagnostics.ToString());
    }

    [Fact]
    public void CallsAreTraced()
    {
        using var trace = new StringWriter();
        Run(Options("hello") with { Trace = trace });
        Assert.Contains("write(1, \"Hello from riscv64", trace.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("exit_group(0) = ?\n", trace.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void CallsCanBeRefused()
    {
        var (_, output) = Run(Options("hello") with { Allow = call => call is not (SyscallNumber.write or SyscallNumber.writev) });
        Assert.Equal("", output);
    }

    [Theory]
    [InlineData("/no/such/program", 127, "/no/such/program: not found")]
    [InlineData("/usr", 126, "/usr: is a directory")]
    [InlineData("/etc/passwd", 126, "/etc/passwd: not an ELF file")]
    [InlineData("/proc/self/exe", 126, "built for x86-64")]
    public void WhatCannotBeStartedIsSaid(string program, int code, string message)
    {
        var error = Assert.Throws<LinuxStartException>(() => LinuxProcess.Create(Options(program)));
        Assert.Equal(code, error.ExitCode);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void AMissingInterpreterIsNamed()
    {
        var error = Assert.Throws<LinuxStartException>(() => LinuxProcess.Create(Options("dynamic/hello-libc") with { Sysroot = _directory }));
        Assert.Equal(127, error.ExitCode);
        Assert.Contains("/lib/ld-linux-riscv64-lp64d.so.1 is neither in the sysroot nor on this machine", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<LinuxStartException>(() => LinuxProcess.Create(Options("hello") with { Sysroot = "/no/such" }));
        Assert.Equal("/no/such: No such file or directory", error.Message);
    }

    [Fact]
    public void TheMemoryLimitIsTheGuests()
    {
        var error = Assert.Throws<LinuxStartException>(() => LinuxProcess.Create(Options("hello") with { MemoryLimit = 1 << 20 }));
        Assert.Equal("no memory for a stack of 8 MiB", error.Message);
        Assert.Equal(0, Run(Options("hello") with { MemoryLimit = 16 << 20 }).Code);
    }

    private LinuxProcessOptions Options(string program) => new()
    {
        Program = Path.Combine(Guests, program),
        Isa = RiscvRv64.Instance,
        Abi = new Riscv64Abi(),
        CreateEngine = isa => new InterpreterEngine(isa),
        Diagnostics = _diagnostics,
    };

    private (int Code, string Output) Run(LinuxProcessOptions options)
    {
        var path = Path.Combine(_directory, "output");
        int code;
        using (var output = File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite))
        {
            var host = (int)output.DangerousGetHandle();
            using var process = LinuxProcess.Create(options with { StandardFiles = [host, host, host] });
            code = process.Run();
        }
        return (code, File.ReadAllText(path));
    }

    private static string FindGuests()
    {
        var directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "Dbt.sln")))
            directory = Path.GetDirectoryName(directory) ?? throw new DirectoryNotFoundException("the repository is not above the tests");
        return Path.Combine(directory, "tests/guests/bin");
    }
}
