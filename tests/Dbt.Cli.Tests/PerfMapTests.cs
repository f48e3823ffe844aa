using System.Globalization;
using System.Text;

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
    public void A_dump_holds_the_code_itself()
    {
        var result = DbtProcess.Run("run", "--engine", "baseline", "--jitdump", DbtProcess.Guest("hello")).Exits(0);
        var path = $"/tmp/jit-{result.ProcessId}.dump";
        var dump = File.ReadAllBytes(path);
        File.Delete(path);
        Assert.Equal("DTiJ"u8, dump.AsSpan(0, 4));
        Assert.Equal(result.ProcessId, BitConverter.ToInt32(dump, 20));
        var (at, count) = (BitConverter.ToInt32(dump, 8), 0);
        for (; at < dump.Length; at += BitConverter.ToInt32(dump, at + 4), count++)
        {
            var name = Encoding.UTF8.GetString(dump.AsSpan(at + 56, dump.AsSpan(at + 56).IndexOf((byte)0)));
            Assert.EndsWith(" [baseline]", name, StringComparison.Ordinal);
            Assert.Equal(56 + name.Length + 1 + BitConverter.ToInt32(dump, at + 40), BitConverter.ToInt32(dump, at + 4));
            Assert.Equal(count, BitConverter.ToInt32(dump, at + 48));
        }
        Assert.Equal(dump.Length, at);
        Assert.InRange(count, 10, 1000);
    }

    [Fact]
    public void A_map_and_a_dump_exclude_each_other() =>
        Assert.Contains("exclude each other", DbtProcess.Run("run", "--perf-map", "--jitdump", DbtProcess.Guest("hello")).FailsInOneLine(2), StringComparison.Ordinal);

    [Fact]
    public void Names_code_that_dotnet_compiled()
    {
        var result = DbtProcess.Run("run", "--perf-map", "--engine", "block", DbtProcess.Guest("count")).Exits(0);
        var path = $"/tmp/perf-{result.ProcessId}.map";
        var lines = File.ReadAllLines(path);
        File.Delete(path);
        Assert.Contains(lines, line => line.EndsWith(" [block]", StringComparison.Ordinal));
        Assert.All(lines, line => Assert.Matches("^[0-9a-f]+ [1-9a-f][0-9a-f]* ", line));
    }

    [Fact]
    public void Needs_an_engine_that_makes_code() =>
        Assert.Contains("--engine baseline", DbtProcess.Run("run", "--perf-map", "--engine", "interpreter", DbtProcess.Guest("hello")).FailsInOneLine(2), StringComparison.Ordinal);

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
