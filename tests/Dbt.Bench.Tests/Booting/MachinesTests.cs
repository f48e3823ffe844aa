namespace Dbt.Bench.Tests.Booting;

/// <summary>bench/machines with commands that only write what a guest would.</summary>
public sealed class MachinesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dbt-machines-test-");

    public MachinesTests()
    {
        File.WriteAllText(InFolder("Image"), "");
        File.WriteAllText(InFolder("initrd.gz"), "");
    }

    public void Dispose() => _folder.Delete(true);

    [Fact]
    public void Takes_times_from_what_guests_write()
    {
        var result = Machines("--qemu", "first=" + Guest("a", "done"), "--qemu", "second=" + Guest("b", "done"), "-w", "shell");
        Assert.True(result.ExitCode == 0, result.Error);
        Assert.Matches(@"(?m)^\| workload \| first s \| second s \| second / first \|$", result.Output);
        Assert.Matches(@"(?m)^\| to init \| \d+\.\d+ \| \d+\.\d+ \| \d+\.\d\d \|$", result.Output);
        Assert.Matches(@"(?m)^\| shell \| 0\.[1-9]\d* \| 0\.[1-9]\d* \| \d+\.\d\d \|$", result.Output);
        Assert.Matches(@"(?m)^second: at most \d+ MB of the host's memory, 512 MB of them the guest's$", result.Output);
    }

    [Fact]
    public void Fails_when_guests_write_something_different()
    {
        var result = Machines("--qemu", "first=" + Guest("a", "done"), "--qemu", "second=" + Guest("b", "otherwise"), "-w", "shell");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("machines: shell: second writes 'otherwise', not 'done'", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Fails_when_a_machine_stops_in_the_middle()
    {
        var script = Script("broken", "echo '## begin off'; echo Oops");
        var result = Machines("--qemu", "broken=" + script, "-w", "boot");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("machines: off: broken does not come to its end: Oops", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cannot be started", "--qemu", "absent=/nowhere/at-all")]
    [InlineData("failed with exit code 1", "--qemu", "broken=false")]
    [InlineData("nothing is left to run", "--qemu", "none")]
    [InlineData("no work 'tetris'", "-w", "tetris")]
    [InlineData("--runs takes a positive number", "--runs", "0")]
    [InlineData("kernel.sh", "--kernel-dir", "/nowhere/at-all")]
    public void Says_in_one_line_what_is_wrong(string what, params string[] arguments)
    {
        var result = Machines(arguments);
        Assert.Equal(1, result.ExitCode);
        var line = Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => !line.Contains(", 1 of 1", StringComparison.Ordinal));
        Assert.Contains(what, line, StringComparison.Ordinal);
    }

    private string Guest(string name, string output) => Script(name, $"echo noise; echo '## begin off'; echo '## end off'; echo '## begin shell'; sleep 0.1; echo {output}; echo '## end shell'");

    private string Script(string name, string text)
    {
        File.WriteAllText(InFolder(name), text + "\n");
        return "sh " + InFolder(name);
    }

    private string InFolder(string name) => Path.Combine(_folder.FullName, name);

    private BenchResult Machines(params string[] arguments)
    {
        string[] runs = arguments.Contains("--runs") ? [] : ["--runs", "1"];
        string[] kernel = arguments.Contains("--kernel-dir") ? [] : ["--kernel-dir", _folder.FullName];
        string[] qemu = arguments.Contains("--qemu") ? [] : ["--qemu", "true=true"];
        return BenchProcess.Run(["machines", "-e", "none", .. runs, .. kernel, .. qemu, .. arguments]);
    }
}
