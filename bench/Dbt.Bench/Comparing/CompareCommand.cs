using System.CommandLine;

namespace Dbt.Bench.Comparing;

/// <summary><c>bench/compare</c>: whole programs under Dbt, under other emulators, and natively.</summary>
internal sealed class CompareCommand : ComparisonCommand
{
    private readonly Option<string> _workloads = new("--workloads", "-w") { HelpName = "A,B", Description = "Rows: all, kernels, programs, a group or a name; --list names them", DefaultValueFactory = _ => "kernels" };

    private readonly Option<bool> _list = new("--list") { Description = "List the workloads and do nothing else" };

    private readonly Option<string?> _dbt = new("--dbt") { HelpName = "FILE", Description = "The dbt command; without it, runtime/Dbt.Cli is published into artifacts/dbt first" };

    private readonly Option<string> _engines = new("--engines", "-e") { HelpName = "A,B", Description = "Dbt's engines to run, or none", DefaultValueFactory = _ => "auto" };

    private readonly Option<string[]> _peers = new("--peer")
    {
        HelpName = "NAME=COMMAND",
        Description = $"A further column, called as COMMAND PROGRAM ARGS; {Runner.SysrootMark} in it is the sysroot's folder. May be repeated",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<bool> _noQemu = new("--no-qemu") { Description = "Leave qemu-riscv64 out; speeds then refer to the first other emulator" };

    private readonly Option<bool> _noNative = new("--no-native") { Description = "Leave the host's own builds of the kernels out" };

    private readonly Option<int> _runs = new("--runs", "-n") { HelpName = "N", Description = "Runs of each, taken in turns; medians are shown", DefaultValueFactory = _ => 5 };

    private readonly Option<int> _scale = new("--scale") { HelpName = "N", Description = "Percent of each kernel's own amount of work", DefaultValueFactory = _ => 100 };

    private readonly Option<bool> _phases = new("--phases") { Description = "Tell start-up, compiling and steady state apart: each kernel also runs with a fifth of the work" };

    private readonly Option<bool> _cpu = new("--cpu") { Description = "Take user and system time instead of wall time: on a machine that others use, too" };

    private readonly Option<string?> _kernels = new("--kernels-dir") { HelpName = "DIR", Description = "Built kernels; without it, bench/build-kernels.sh makes them" };

    private readonly Option<string?> _sysroot = new("--sysroot") { HelpName = "DIR", Description = "Made by 'tests/guests/sysroot.sh DIR cpp'; without it, that makes artifacts/bench-sysroot" };

    /// <summary>Creates the command.</summary>
    public CompareCommand()
        : base("compare", """
            Compares whole processes: programs natively, under qemu-riscv64, under Dbt's engines and under any other command, in turns. Prints Markdown
            tables with medians, ratios (speeds: 2.00 is twice as fast) and geometric means; fails when two of them write different output.

              bench/compare                                                  all kernels
              bench/compare -w sieve,hash -e auto,region --phases            start-up and steady state apart
              bench/compare -w programs --runs 3 --cpu                       Debian's programs
              bench/compare --peer 'qemu-10=/opt/qemu-10/bin/qemu-riscv64' --svg speeds.svg --json speeds.json
            """)
    {
        AddOptions(_workloads, _list, _dbt, _engines, _peers, _noQemu, _noNative, _runs, _scale, _phases, _cpu, _kernels, _sysroot);
    }

    /// <inheritdoc/>
    protected override int Compare(ParseResult line)
    {
        var workloads = new Workloads(BenchHost.Root);
        if (line.GetValue(_kernels) is { } kernels)
            workloads = new Workloads(BenchHost.Root) { KernelFolder = Path.GetFullPath(kernels), Sysroot = workloads.Sysroot };
        if (line.GetValue(_sysroot) is { } sysroot)
            workloads = new Workloads(BenchHost.Root) { KernelFolder = workloads.KernelFolder, Sysroot = Path.GetFullPath(sysroot) };
        if (line.GetValue(_list))
        {
            foreach (var workload in workloads.All)
                Console.WriteLine($"{workload.Name,-16} {workload.Group}");
            return 0;
        }
        var settings = new ComparisonSettings
        {
            Runs = Positive(line, _runs),
            Percent = Positive(line, _scale),
            Phases = line.GetValue(_phases),
            MeasuresCpu = line.GetValue(_cpu),
        };
        var names = Names(line.GetRequiredValue(_workloads));
        var chosen = workloads.Select(names);
        var runners = RunnersOf(line, chosen);
        Make(line, chosen);
        chosen = workloads.Select(names); // of a sysroot that is there now
        using var measurer = new Measurer(settings, Console.Error);
        var measurements = chosen.SelectMany(workload => measurer.Measure(workload, runners)).ToList();
        Reports.Write(line, new Comparison(BenchHost.Describe(measurer.FirstLine, runners), settings.MeasuresCpu ? "user and system time" : "wall time", runners, measurements));
        return 0;
    }

    private List<Runner> RunnersOf(ParseResult line, IReadOnlyList<Workload> chosen)
    {
        var runners = new List<Runner>();
        if (!line.GetValue(_noNative) && chosen.Any(workload => workload is Kernel))
        {
            runners.Add(new Runner("native", RunnerKind.Native, []));
            runners.Add(new Runner("novec", RunnerKind.NativeWithoutVectors, []));
        }
        if (!line.GetValue(_noQemu))
            runners.Add(new Runner("qemu", RunnerKind.Yardstick, ["qemu-riscv64"]));
        var dbt = line.GetValue(_dbt) is { } given ? Path.GetFullPath(given) : BenchHost.PublishedDbt;
        foreach (var engine in EnginesOf(line))
            runners.Add(new Runner(engine, RunnerKind.Dbt, [dbt, "run", "--engine", engine]));
        runners.AddRange((line.GetValue(_peers) ?? []).Select(Runner.ParsePeer));
        if (runners.Count == 0)
            throw new ComparisonException("nothing is left to run");
        return runners.GroupBy(runner => runner.Name).FirstOrDefault(names => names.Count() > 1) is { } twice
            ? throw new ComparisonException($"two columns are called {twice.Key}")
            : runners;
    }

    // What the chosen rows and columns need and the user has not brought.
    private void Make(ParseResult line, IReadOnlyList<Workload> chosen)
    {
        if (line.GetValue(_dbt) is null && EnginesOf(line).Length > 0)
            BenchHost.PublishDbt();
        if (line.GetValue(_kernels) is null && chosen.Any(workload => workload is Kernel))
            BenchHost.Run(Path.Combine(BenchHost.Root, "bench", "build-kernels.sh"));
        if (line.GetValue(_sysroot) is null && chosen.Any(workload => workload is DebianProgram { Sysroot: not null }))
            BenchHost.Run(Path.Combine(BenchHost.Root, "tests", "guests", "sysroot.sh"), Path.Combine(BenchHost.Root, "artifacts", "bench-sysroot"), "cpp");
    }

    private string[] EnginesOf(ParseResult line) => line.GetRequiredValue(_engines) is var engines && engines == "none" ? [] : Names(engines);

    private static string[] Names(string list) => list.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries);
}
