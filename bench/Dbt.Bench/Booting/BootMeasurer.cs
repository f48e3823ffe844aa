using System.ComponentModel;
using System.Globalization;
using Dbt.Bench.Comparing;

namespace Dbt.Bench.Booting;

/// <summary>Boots machines, in turns, and takes times from what they write to their consoles.</summary>
internal sealed class BootMeasurer(MachineSettings settings, TextWriter progress) : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dbt-machines-");
    private readonly Dictionary<string, List<string>> _expected = [];
    private int _boots;

    /// <summary>Most memory of the host that a runner took, in bytes, by its name.</summary>
    public Dictionary<string, long> PeakMemory { get; } = [];

    private string Disk => InFolder("disk");

    private string Errors => InFolder("errors");

    /// <summary>Measures all rows.</summary>
    /// <exception cref="ComparisonException">A machine failed, or its guest wrote something else than the first one's.</exception>
    public List<Measurement> Measure(IReadOnlyList<MachineWork> works, IReadOnlyList<Runner> runners)
    {
        using var server = new HostServer(((long)settings.TransferSize << 20) / 8);
        using (var disk = File.Create(Disk))
            disk.SetLength((long)settings.TransferSize << 20);
        MachineWork[] rows = [MachineWork.Init, MachineWork.Off, .. works];
        var seconds = rows.SelectMany(row => runners.Select(runner => (row, runner))).ToDictionary(cell => cell, _ => new List<double>());
        for (var run = 0; run < settings.Runs; run++)
            foreach (var runner in runners)
            {
                progress.WriteLine(string.Create(CultureInfo.InvariantCulture, $"machines: {runner.Name}, {run + 1} of {settings.Runs}"));
                var (off, times) = Boot(runner, "work=off", null);
                seconds[(MachineWork.Off, runner)].Add(off.Wall.TotalSeconds);
                seconds[(MachineWork.Init, runner)].Add(times["off"].Begin.TotalSeconds);
                if (works.Count == 0)
                    continue;
                var names = string.Join(',', works.Select(work => work.Name));
                var needsDevices = works.Any(work => work.Group == "devices");
                (_, times) = Boot(runner, string.Create(CultureInfo.InvariantCulture, $"work={names} port={server.Port} size={settings.TransferSize}"), needsDevices ? Disk : null);
                foreach (var work in works)
                    seconds[(work, runner)].Add((times[work.Name].End - times[work.Name].Begin).TotalSeconds);
            }
        return [.. seconds.Select(cell => new Measurement(cell.Key.row, cell.Key.runner, cell.Value, [], 0, null))];
    }

    /// <summary>The first line that a command writes; null when there is no such command.</summary>
    public string? FirstLine(params string[] words)
    {
        try
        {
            ChildProcess.Run(words, "/dev/null", InFolder("version"), Errors, settings.Limit);
            return File.ReadLines(InFolder("version")).FirstOrDefault();
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    /// <summary>Removes the disk and the pipes.</summary>
    public void Dispose() => _folder.Delete(true);

    private string InFolder(string name) => Path.Combine(_folder.FullName, name);

    private (ChildResult Result, Dictionary<string, (TimeSpan Begin, TimeSpan End)> Times) Boot(Runner runner, string arguments, string? disk)
    {
        var pipe = InFolder(string.Create(CultureInfo.InvariantCulture, $"console-{_boots++}"));
        var words = MachineRunners.Command(runner, settings, "console=ttyS0 quiet " + arguments, disk);
        using var console = new GuestConsole(pipe);
        ChildResult result;
        try
        {
            result = ChildProcess.Run(words, "/dev/null", pipe, Errors, settings.Limit);
        }
        catch (Win32Exception error)
        {
            // Whoever still waits for a writer must not wait for ever; opened for both directions, a pipe waits for nobody.
            new FileStream(pipe, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite).Dispose();
            throw new ComparisonException($"{runner.Name} cannot be started: {error.Message}");
        }
        console.Dispose();
        if (result.ExitCode != 0)
            throw new ComparisonException($"{runner.Name} failed with exit code {result.ExitCode}: {string.Join(' ', words)}: {File.ReadAllText(Errors).Trim()}");
        PeakMemory[runner.Name] = Math.Max(PeakMemory.GetValueOrDefault(runner.Name), result.PeakMemory);
        return (result, TimesOf(runner, console.Lines));
    }

    // Frames of '## begin NAME' and '## end NAME', whose contents all runners must agree on.
    private Dictionary<string, (TimeSpan Begin, TimeSpan End)> TimesOf(Runner runner, IReadOnlyList<(TimeSpan At, string Text)> lines)
    {
        const string Begin = "## begin ", End = "## end ";
        var times = new Dictionary<string, (TimeSpan, TimeSpan)>();
        for (var i = 0; i < lines.Count; i++)
        {
            if (!lines[i].Text.StartsWith(Begin, StringComparison.Ordinal))
                continue;
            var name = lines[i].Text[Begin.Length..].Trim();
            var content = lines.Skip(i + 1).TakeWhile(line => line.Text.Trim() != End + name).Select(line => line.Text.Trim()).ToList();
            if (i + 1 + content.Count == lines.Count)
                throw new ComparisonException($"{name}: {runner.Name} does not come to its end: {string.Join(" | ", content)}");
            if (_expected.TryGetValue(name, out var expected) && !content.SequenceEqual(expected))
                throw new ComparisonException($"{name}: {runner.Name} writes '{string.Join(" | ", content)}', not '{string.Join(" | ", expected)}'");
            _expected[name] = content;
            times[name] = (lines[i].At, lines[i + 1 + content.Count].At);
        }
        return times;
    }
}
