using System.Globalization;

namespace Dbt.Cli.Tests;

public sealed class PerfMapTests
{
    [Fact]
    public void Names_host_code_by_guest_files_and_what_made_it()
    {
        var entries = MapOf(DbtProcess.Guest("hello"));
        Assert.Contains(entries, entry => entry.Name.StartsWith("hello+0x", StringComparison.Ordinal));
        Assert.Contains(entries, entry => entry.Name == "Enter [baseline]");
        Assert.All(entries, entry => Assert.EndsWith(" [baseline]", entry.Name, StringComparison.Ordinal));
        Assert.All(entries.Zip(entries.Skip(1)), pair => Assert.True(pair.First.Start + pair.First.Size <= pair.Second.Start));
    }

    [BuiltTheory]
    [InlineData("static/strings")]
    [InlineData("dynamic/strings")]
    public void Names_host_code_by_guest_symbols_libraries_included(string program)
    {
        var entries = MapOf("-L", GuestProgramTests.Sysroot, Path.Combine(GuestProgramTests.Guests, program));
        Assert.Contains(entries, entry => entry.Name == "main [baseline]");
        Assert.Contains(entries, entry => entry.Name.StartsWith("main+0x", StringComparison.Ordinal));
        Assert.Contains(entries, entry => entry.Name.StartsWith("__libc_start_main", StringComparison.Ordinal));
    }

    [Fact]
    public void Needs_an_engine_that_knows_where_its_code_is() =>
        Assert.Contains("--engine baseline", DbtProcess.Run("run", "--perf-map", "--engine", "block", DbtProcess.Guest("hello")).FailsInOneLine(2), StringComparison.Ordinal);

    // The entries by address.
    private static List<(ulong Start, ulong Size, string Name)> MapOf(params string[] guest)
    {
        var result = DbtProcess.Run(["run", "--engine", "baseline", "--perf-map", .. guest]).Exits(0);
        var path = $"/tmp/perf-{result.ProcessId}.map";
        try
        {
            return [.. File.ReadAllLines(path).Select(line => line.Split(' ', 3)).Select(words => (Hex(words[0]), Hex(words[1]), words[2])).Order()];
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static ulong Hex(string text) => ulong.Parse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
