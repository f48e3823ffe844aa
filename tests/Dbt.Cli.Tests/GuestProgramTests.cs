using System.Text.RegularExpressions;

namespace Dbt.Cli.Tests;

/// <summary>Whole programs on every engine: ours against the same binary under qemu-riscv64, and Debian's.</summary>
public sealed class GuestProgramTests
{
    private static readonly IReadOnlyDictionary<string, string?> NoChanges = new Dictionary<string, string?>();

    /// <summary>Where tests/guests/build.sh puts our programs.</summary>
    public static string Guests { get; } = Path.Combine(DbtProcess.Root, "artifacts", "guests");

    /// <summary>Where tests/guests/sysroot.sh puts Debian's.</summary>
    public static string Sysroot { get; } = Path.Combine(DbtProcess.Root, "artifacts", "sysroot");

    public static TheoryData<string, string> Programs()
    {
        var data = new TheoryData<string, string>();
        // The sources, because what is built from them may not be there yet when tests are listed.
        var sources = Directory.EnumerateFiles(Path.Combine(DbtProcess.Root, "tests", "guests", "libc"), "*.c*");
        foreach (var name in sources.Select(Path.GetFileNameWithoutExtension).Order())
            foreach (var folder in new[] { "static", "dynamic" })
                foreach (var engine in DbtProcess.Engines)
                    data.Add($"{folder}/{name}", engine);
        return data;
    }

    [BuiltTheory]
    [MemberData(nameof(Programs))]
    public void A_program_does_what_it_does_under_qemu(string program, string engine)
    {
        var guest = Path.Combine(Guests, program);
        // An argument makes the arithmetic programs print every result; it is where `files` works.
        var place = Directory.CreateTempSubdirectory("dbt guests").FullName;
        var expected = DbtProcess.Run("qemu-riscv64", NoChanges, "-L", Sysroot, "-E", "GUEST_A=b", guest, place);
        var actual = DbtProcess.Run("run", "-L", Sysroot, "-E", "GUEST_A=b", "--engine", engine, guest, place);
        Directory.Delete(place, recursive: true);
        Assert.Equal(expected.Output, actual.Output);
        // qemu dies of the guest's signal itself, which .NET reports as a shell does.
        Assert.Equal(expected.ExitCode, actual.ExitCode);
    }

    // Calls that are patched into translated code, unless somebody wants to see them: three getpid in each of a thousand turns.
    [BuiltTheory]
    [InlineData("--stats", "getpid +inline", 1)]
    [InlineData("--stats --trap-calls", "getpid", 0)]
    [InlineData("--strace", @"getpid\(", 3000)]
    public void Hot_calls_are_counted_trapped_and_traced(string options, string pattern, int count)
    {
        var result = DbtProcess.Run(["run", .. options.Split(' '), Path.Combine(Guests, "static", "calls")]).Exits(0);
        Assert.Contains("pointers 0", result.Output, StringComparison.Ordinal);
        Assert.Equal(count, Regex.Count(result.Error, pattern));
    }

    [BuiltTheory]
    [InlineData("auto")]
    [InlineData("interpreter")]
    [InlineData("baseline")]
    [InlineData("block")]
    public void Debians_programs_print_what_they_must(string engine)
    {
        var check = Path.Combine(DbtProcess.Root, "tests", "guests", "sysroot-check.sh");
        var result = DbtProcess.Run(check, NoChanges, Sysroot, DbtProcess.Executable, "run", "--engine", engine, "-L", Sysroot);
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
    }
}
