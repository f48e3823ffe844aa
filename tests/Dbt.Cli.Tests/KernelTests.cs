using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Dbt.Cli.Tests;

/// <summary>Debian's kernel boots, works, and switches off: what <c>tests/guests/kernel.sh</c> makes, on machines with all that users plug in.</summary>
public sealed partial class KernelTests : IDisposable
{
    internal const string FormatCommand = "/usr/sbin/mke2fs";
    private const string CheckCommand = "/usr/sbin/e2fsck";
    private const string ReadCommand = "/usr/sbin/debugfs";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dbt-kernel-");

    internal static string Folder { get; } = Path.Combine(DbtProcess.Root, "artifacts", "kernel");

    /// <summary>Engines, machines, where the devices are, and the number of harts.</summary>
    public static TheoryData<string, string, string, int> Machines => new()
    {
        { "auto", "virt-1", "", 1 },
        { "auto", "virt-1,aia=aplic-imsic", ",pci", 4 },
        { "baseline", "virt-1,aia=aplic,sstc=off", ",pci", 2 },
        { "interpreter", "virt-1", "", 2 },
    };

    public void Dispose() => _folder.Delete(true);

    [KernelTheory]
    [MemberData(nameof(Machines))]
    public void Boots_works_and_switches_off(string engine, string machine, string bus, int harts)
    {
        var (disk, share) = (Path.Combine(_folder.FullName, "disk"), Path.Combine(_folder.FullName, "share"));
        Directory.CreateDirectory(share);
        File.WriteAllText(Path.Combine(share, "hello"), "hello from the host\n");
        Command(FormatCommand, "-q", "-t", "ext4", "-d", share, disk, "16M");

        var result = DbtProcess.Run([
            .. Boot("cpus,forks,threads,ext4,share,ping", disk + bus), "--engine", engine, "--machine", machine, "--cpus", $"{harts}", "--net", "user" + bus, "--share", share + bus]);

        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        var did = FramesIn(result.Output);
        Assert.Equal($"{harts}", did["cpus"]);
        Assert.Equal("1000 of 1000 processes", did["forks"]);
        Assert.StartsWith($"{harts} threads, sum ", did["threads"], StringComparison.Ordinal);
        Assert.Equal("hello from the host\nmounted", did["ext4"]);
        Assert.Equal("hello from the host\nshared", did["share"]);
        Assert.Contains("3 packets transmitted, 3 packets received", did["ping"], StringComparison.Ordinal);
        Assert.Equal("guest\n", File.ReadAllText(Path.Combine(share, "guest")));
        Command(CheckCommand, "-fn", disk);
    }

    /// <summary>OpenSBI, in M mode.</summary>
    [KernelTheory]
    [InlineData("auto", "virt-1", 2)]
    [InlineData("auto", "virt-1,aia=aplic-imsic", 4)]
    [InlineData("interpreter", "virt-1,sstc=off", 1)]
    public void Boots_under_firmware(string engine, string machine, int harts)
    {
        var disk = Path.Combine(_folder.FullName, "disk");
        File.WriteAllBytes(disk, new byte[1 << 20]);
        var result = DbtProcess.Run([
            .. Boot("cpus,forks", disk), "--bios", Path.Combine(Folder, "fw_dynamic.bin"), "--engine", engine, "--machine", machine, "--cpus", $"{harts}"]);
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        Assert.Contains("OpenSBI v", result.Output, StringComparison.Ordinal);
        var did = FramesIn(result.Output);
        Assert.Equal($"{harts}", did["cpus"]);
        Assert.Equal("1000 of 1000 processes", did["forks"]);
    }

    /// <summary>The guest writes a file and flushes, and says so, again and again, until this process is killed.</summary>
    [KernelTheory]
    [InlineData(30, 0)]
    [InlineData(5, 7)]
    public void What_the_guest_flushed_survives_the_death_of_the_process(int files, int milliseconds)
    {
        var disk = Path.Combine(_folder.FullName, "disk");
        Command(FormatCommand, "-q", "-t", "ext4", disk, "16M");
        using var process = Process.Start(new ProcessStartInfo(DbtProcess.Executable, Boot("flush", disk)) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        var flushed = 0;
        while (flushed < files && process.StandardOutput.ReadLine() is { } line)
            if (line.StartsWith("flushed ", StringComparison.Ordinal))
                flushed = int.Parse(line.AsSpan("flushed ".Length), CultureInfo.InvariantCulture);
        Thread.Sleep(milliseconds);
        process.Kill();
        process.WaitForExit();

        Assert.Equal(files, flushed);
        Command(CheckCommand, "-E", "journal_only", "-fy", disk);
        Command(CheckCommand, "-fn", disk);
        for (var i = 1; i <= flushed; i++)
            Assert.Equal($"{i}", Command(ReadCommand, "-R", $"cat file-{i}", disk).Trim());
    }

    [KernelTheory]
    [InlineData("auto")]
    [InlineData("interpreter")]
    public void A_suspended_machine_resumes_when_a_key_is_typed(string engine)
    {
        var disk = Path.Combine(_folder.FullName, "disk");
        File.WriteAllBytes(disk, new byte[1 << 20]);
        using var process = Process.Start(new ProcessStartInfo(DbtProcess.Executable, [.. Boot("suspend,cpus", disk), "--engine", engine, "--cpus", "2"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        // A key before it sleeps wakes nobody.
        using var typist = new Timer(_ => Type(process), null, 1000, 1500);
        var output = process.StandardOutput.ReadToEnd();
        typist.Dispose();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        Assert.Contains("resumed", output, StringComparison.Ordinal);
        Assert.Equal("2", FramesIn(output)["cpus"]);
    }

    private static string[] Boot(string work, string disk) =>
        ["boot", "--kernel", Path.Combine(Folder, "Image"), "--initrd", Path.Combine(Folder, "initrd.gz"), "--append", "console=ttyS0 quiet work=" + work, "--disk", disk];

    /// <summary>Debian's own init: systemd, its services, a login, and everything down again.</summary>
    [KernelTheory]
    [InlineData("auto", 2)]
    public void Systemd_comes_up_and_goes_down(string engine, int harts)
    {
        var disk = Path.Combine(_folder.FullName, "root");
        Command("cp", "--sparse=always", Path.Combine(Folder, "root.img"), disk);
        using var process = Process.Start(new ProcessStartInfo(DbtProcess.Executable, [
            "boot", "--kernel", Path.Combine(Folder, "Image"), "--initrd", Path.Combine(Folder, "initrd.gz"), "--append", "console=ttyS0 quiet root=/dev/vda",
            "--disk", disk, "--engine", engine, "--cpus", $"{harts}", "--memory", "1G"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        using var limit = new Timer(_ => process.Kill(), null, TimeSpan.FromMinutes(3), Timeout.InfiniteTimeSpan);
        var output = ReadUntil(process, "dbt login: ");
        process.StandardInput.Write("root\n");
        output += ReadUntil(process, "# ");
        process.StandardInput.Write("systemctl is-system-running --wait; poweroff\n");
        output += process.StandardOutput.ReadToEnd();
        process.WaitForExit();

        Assert.True(process.ExitCode == 0, output);
        Assert.Matches(@"(?m)^running\r?$", output);
        Command(CheckCommand, "-fn", disk);
    }

    private static string ReadUntil(Process process, string end)
    {
        var text = new StringBuilder();
        while (process.StandardOutput.Read() is >= 0 and var character)
        {
            text.Append((char)character);
            if (character == end[^1] && text.ToString().EndsWith(end, StringComparison.Ordinal))
                break;
        }
        return text.ToString();
    }

    private static void Type(Process process)
    {
        try
        {
            process.StandardInput.Write('x');
        }
        catch (IOException)
        {
            // It has just ended.
        }
    }

    private static string Command(params string[] words)
    {
        using var process = Process.Start(new ProcessStartInfo(words[0], words[1..]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        // e2fsck: 1 when it has corrected something, such as a journal.
        Assert.True(process.ExitCode == 0 || process.ExitCode == 1 && words.Contains("-fy"), output);
        return output;
    }

    private static Dictionary<string, string> FramesIn(string output) => Frames().Matches(output).ToDictionary(
        frame => frame.Groups["name"].Value, frame => frame.Groups["text"].Value.Replace("\r", "", StringComparison.Ordinal).Trim());

    [GeneratedRegex(@"## begin (?<name>\S+)\s(?<text>.*?)## end \k<name>", RegexOptions.Singleline)]
    private static partial Regex Frames();
}
