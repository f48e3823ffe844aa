namespace Dbt.Cli.Tests;

/// <summary><c>dbt</c> as native code does what it does with a JIT compiler: another runtime, with signal handlers and a linker of its own.</summary>
public sealed class NativeTests
{
    /// <summary>The environment variable that names the command.</summary>
    public const string Variable = "DBT_TEST_NATIVE";

    private static readonly IReadOnlyDictionary<string, string?> NoChanges = new Dictionary<string, string?>();

    /// <summary>The command; empty when there is none.</summary>
    public static string Native { get; } = Environment.GetEnvironmentVariable(Variable) ?? "";

    [NativeTheory]
    [InlineData("interpreter")]
    [InlineData("baseline")]
    public void Guests_end_as_they_do_with_a_JIT_compiler(string engine)
    {
        foreach (var guest in (string[])[DbtProcess.Guest("hello"), DbtProcess.Guest("self-modifying"), .. Directory.EnumerateFiles(DbtProcess.Guest("hostile"))])
            Agree("run", "--engine", engine, guest);
    }

    [NativeTheory]
    [InlineData("interpreter")]
    [InlineData("baseline")]
    public void Debians_programs_print_what_they_must(string engine)
    {
        Assert.True(Directory.Exists(GuestProgramTests.Sysroot), "tests/run.sh makes artifacts/sysroot before a native dbt");
        var check = Path.Combine(DbtProcess.Root, "tests", "guests", "sysroot-check.sh");
        var result = DbtProcess.Run(check, NoChanges, GuestProgramTests.Sysroot, Native, "run", "--engine", engine, "-L", GuestProgramTests.Sysroot);
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
    }

    [NativeTheory]
    [InlineData("block")]
    public void An_engine_that_emits_IL_is_refused_by_name(string engine)
    {
        var result = DbtProcess.Run(Native, NoChanges, "run", "--engine", engine, DbtProcess.Guest("hello"));
        Assert.Equal(2, result.ExitCode);
        Assert.Contains($"'{engine}' emits IL", result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    [NativeTheory]
    [InlineData("isa")]
    [InlineData("isa", "Zba")]
    [InlineData("disasm", "20b52533", "8082")]
    [InlineData("explain", "no-such-file")]
    [InlineData("run", "--no-such-option", "program")]
    public void Tools_say_the_same(params string[] arguments) => Agree(arguments);

    private static void Agree(params string[] arguments)
    {
        var expected = DbtProcess.Run(arguments);
        var actual = DbtProcess.Run(Native, NoChanges, arguments);
        Assert.Equal((string.Join(' ', arguments), expected.ExitCode, expected.Output, expected.Error),
            (string.Join(' ', arguments), actual.ExitCode, actual.Output, actual.Error));
    }
}
