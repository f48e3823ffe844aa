using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Dbt.Cli.Tests;

/// <summary>Debian's kernel boots, works, and switches off: what <c>tests/guests/kernel.sh</c> makes, on machines with all that users plug in.</summary>
public sealed partial class KernelTests : IDisposable
{
    internal const string FormatCommand = "/usr/sbin/mke2fs";
    private const string CheckCommand = "/usr/sbin/e2fsck";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dbt-kernel-");

    internal static string Folder { get; } = Path.Combine(DbtProcess.Root, "artifacts", "kernel");

    /// <summary>Engines, machines, and where the devices are.</summary>
    public static TheoryData<string, string, int> Machines => new()
    {
        { "virt-1", "", 1 },
        { "virt-1,aia=aplic-imsic", ",pci", 4 },
    };

    public void Dispose() => _folder.Delete(true);

    [KernelTheory]
    [MemberData(nameof(Machines))]
    public void Boots_works_and_switches_off(string machine, string bus, int harts)
    {
        var (disk, share) = (Path.Combine(_folder.FullName, "disk"), Path.Combine(_folder.FullName, "share"));
        Directory.CreateDirectory(share);
        File.WriteAllText(Path.Combine(share, "hello"), "hello from the host\n");
        Command(FormatCommand, "-q", "-t", "ext4", "-d", share, disk, "16M");

        var result = DbtProcess.Run(
            "boot", "--machine", machine, "--cpus", $"{harts}", "--kernel", Path.Combine(Folder, "Image"), "--initrd", Path.Combine(Folder, "initrd.gz"),
            "--append", "console=ttyS0 quiet work=cpus,forks,threads,ext4,share,ping",
            "--disk", disk + bus, "--net", "user" + bus, "--share", share + bus);

        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        var did = Frames().Matches(result.Output).ToDictionary(frame => frame.Groups["name"].Value, frame => frame.Groups["text"].Value.Replace("\r", "", StringComparison.Ordinal).Trim());
        Assert.Equal($"{harts}", did["cpus"]);
        Assert.Equal("1000 of 1000 processes", did["forks"]);
        Assert.StartsWith($"{harts} threads, sum ", did["threads"], StringComparison.Ordinal);
        Assert.Equal("hello from the host\nmounted", did["ext4"]);
        Assert.Equal("hello from the host\nshared", did["share"]);
        Assert.Contains("3 packets transmitted, 3 packets received", did["ping"], StringComparison.Ordinal);
        Assert.Equal("guest\n", File.ReadAllText(Path.Combine(share, "guest")));
        Command(CheckCommand, "-fn", disk);
    }

    private static void Command(params string[] words)
    {
        using var process = Process.Start(new ProcessStartInfo(words[0], words[1..]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, output);
    }

    [GeneratedRegex(@"## begin (?<name>\S+)\s(?<text>.*?)## end \k<name>", RegexOptions.Singleline)]
    private static partial Regex Frames();
}
