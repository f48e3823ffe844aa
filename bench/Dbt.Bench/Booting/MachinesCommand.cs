using System.CommandLine;
using System.Globalization;
using Dbt.Bench.Comparing;

namespace Dbt.Bench.Booting;

/// <summary><c>bench/machines</c>: Debian's kernel on Dbt's machine and on qemu-system's.</summary>
internal sealed class MachinesCommand : ComparisonCommand
{
    private readonly Option<string> _works = new("--works", "-w") { HelpName = "A,B", Description = "Rows: all, boot alone, a group (compute, kernel, devices) or a name", DefaultValueFactory = _ => "all" };

    private readonly Option<string?> _dbt = new("--dbt") { HelpName = "FILE", Description = "The dbt command; without it, runtime/Dbt.Cli is published into artifacts/dbt first" };

    private readonly Option<string> _engines = new("--engines", "-e") { HelpName = "A,B", Description = "Dbt's engines, each with options of the machine behind a colon if wanted: auto,auto:sstc=off", DefaultValueFactory = _ => "auto" };

    private readonly Option<string[]> _qemu = new("--qemu")
    {
        HelpName = "NAME=COMMAND",
        Description = "A qemu-system-riscv64; speeds refer to the first. May be repeated; 'none' for none; the one of PATH without it",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string?> _kernel = new("--kernel-dir") { HelpName = "DIR", Description = "Made by 'tests/guests/kernel.sh DIR'; without it, that makes artifacts/kernel" };

    private readonly Option<int> _runs = new("--runs", "-n") { HelpName = "N", Description = "Boots of each, taken in turns; medians are shown", DefaultValueFactory = _ => 3 };

    private readonly Option<int> _memory = new("--memory") { HelpName = "MB", Description = "RAM", DefaultValueFactory = _ => 512 };

    private readonly Option<int> _harts = new("--cpus") { HelpName = "N", Description = "Harts", DefaultValueFactory = _ => 1 };

    private readonly Option<int> _size = new("--size") { HelpName = "MB", Description = "What goes through the disk; the network gets an eighth of it", DefaultValueFactory = _ => 256 };

    /// <summary>Creates the command.</summary>
    public MachinesCommand()
        : base("machines", """
            Compares whole machines: boots Debian's riscv64 kernel under dbt and qemu-system-riscv64, in turns, has the guest do the same things, and takes the
            times of what it writes to its console. Prints Markdown tables; fails when two guests write something different.

              bench/machines                                          everything
              bench/machines -w boot -n 5                             booting alone
              bench/machines -e interpreter,auto -w compute           two engines
              bench/machines --qemu 'qemu-10=/opt/qemu-10/bin/qemu-system-riscv64' --json machines.json
            """)
    {
        AddOptions(_works, _dbt, _engines, _qemu, _kernel, _runs, _memory, _harts, _size);
    }

    /// <inheritdoc/>
    protected override int Compare(ParseResult line)
    {
        var works = MachineWork.Select(line.GetRequiredValue(_works).Split(',', StringSplitOptions.RemoveEmptyEntries));
        var runners = RunnersOf(line);
        if (line.GetValue(_dbt) is null && runners.Any(runner => runner.Kind == RunnerKind.Dbt))
            BenchHost.PublishDbt();
        var folder = line.GetValue(_kernel) is { } given ? Path.GetFullPath(given) : Path.Combine(BenchHost.Root, "artifacts", "kernel");
        if (line.GetValue(_kernel) is null)
            BenchHost.Run(Path.Combine(BenchHost.Root, "tests", "guests", "kernel.sh"), folder);
        var settings = new MachineSettings
        {
            Kernel = Path.Combine(folder, "Image"),
            Initrd = Path.Combine(folder, "initrd.gz"),
            Runs = Positive(line, _runs),
            Memory = Positive(line, _memory),
            Harts = Positive(line, _harts),
            TransferSize = Positive(line, _size),
        };
        if (!File.Exists(settings.Kernel))
            throw new ComparisonException($"{settings.Kernel} does not exist: tests/guests/kernel.sh {folder} makes it");
        using var measurer = new BootMeasurer(settings, Console.Error);
        var measurements = measurer.Measure(works, runners);
        Reports.Write(line, new Comparison(BenchHost.Describe(measurer.FirstLine, runners), "wall time", runners, measurements));
        Console.WriteLine();
        foreach (var runner in runners)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{runner.Name}: at most {measurer.PeakMemory[runner.Name] >> 20} MB of the host's memory, {settings.Memory} MB of them the guest's"));
        return 0;
    }

    private List<Runner> RunnersOf(ParseResult line)
    {
        var qemus = line.GetValue(_qemu) is { Length: > 0 } given ? given : ["qemu=qemu-system-riscv64"];
        var runners = qemus.Where(qemu => qemu != "none").Select((qemu, i) => MachineRunners.Qemu(qemu, i == 0)).ToList();
        var dbt = line.GetValue(_dbt) is { } file ? Path.GetFullPath(file) : BenchHost.PublishedDbt;
        runners.AddRange(EnginesOf(line.GetRequiredValue(_engines)).Select(engine => MachineRunners.Dbt(dbt, engine)));
        return runners.Count == 0 ? throw new ComparisonException("nothing is left to run")
            : runners.GroupBy(runner => runner.Name).FirstOrDefault(names => names.Count() > 1) is { } twice ? throw new ComparisonException($"two columns are called {twice.Key}")
            : runners;
    }

    // Options behind a colon have commas of their own, each with an equals sign: auto:aia=none,sstc=off is one engine.
    private static List<string> EnginesOf(string text)
    {
        var engines = new List<string>();
        foreach (var part in text == "none" ? [] : text.Split(',', StringSplitOptions.RemoveEmptyEntries))
            if (part.Contains('=', StringComparison.Ordinal) && !part.Contains(':', StringComparison.Ordinal) && engines.Count > 0)
                engines[^1] += "," + part;
            else
                engines.Add(part);
        return engines;
    }
}
