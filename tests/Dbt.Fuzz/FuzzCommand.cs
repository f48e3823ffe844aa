using System.CommandLine;
using Dbt.Fuzz.Comparisons;
using Dbt.Fuzz.Harts;
using Dbt.Fuzz.Machines;
using Dbt.Fuzz.Mutations;
using Dbt.Fuzz.Qemu;

namespace Dbt.Fuzz;

/// <summary>The command for long runs. Exit code 0: all agreed; 1: findings; 2: usage.</summary>
internal sealed class FuzzCommand : RootCommand
{
    private const string Mutants = "mutants";

    private readonly Option<long> _programs = new("--programs") { Description = "Random programs of each style", DefaultValueFactory = _ => 100_000 };
    private readonly Option<long?> _mutants = new("--mutants") { Description = "Mutated programs; a tenth of --programs when not given" };
    private readonly Option<ulong> _seed = new("--seed") { Description = "What they are made from", DefaultValueFactory = _ => 1 };
    private readonly Option<long> _first = new("--first") { Description = "Number of the first one: to see a finding again" };
    private readonly Option<double?> _minutes = new("--minutes") { Description = "End after this time, done or not" };
    private readonly Option<string> _isa = new("--isa") { Description = "rv64 or rv32", DefaultValueFactory = _ => "rv64" };
    private readonly Option<string> _engine = new("--engine") { Description = "Only what concerns one engine: interpreter (against QEMU), baseline or block; all", DefaultValueFactory = _ => "all" };
    private readonly Option<bool> _faults = new("--faults") { Description = "Only programs that mostly end in a fault" };
    private readonly Option<long> _harts = new("--harts") { Description = "Programs of atomics for two harts, in addition" };
    private readonly Option<int> _threads = new("--threads") { Description = "Host threads", DefaultValueFactory = _ => Environment.ProcessorCount };
    private readonly Option<string[]> _compare = new("--compare") { AllowMultipleArgumentsPerToken = true };

    public FuzzCommand()
        : base("Runs random guest programs on the engines and under QEMU, and mutated ones on the engines; all must agree.\n\n"
            + "Examples:\n  dotnet run -c Release --project tests/Dbt.Fuzz -- --programs 1000000 --seed 7 --minutes 30\n"
            + "  dotnet run -c Release --project tests/Dbt.Fuzz -- --seed 7 --first 4711 --programs 1 --compare qemu")
    {
        var names = Comparison.All().Select(comparison => comparison.Name).Append(Mutants).ToArray();
        _compare.Description = $"Only these comparisons: {string.Join(", ", names)}";
        _compare.AcceptOnlyFromAmong(names);
        _isa.AcceptOnlyFromAmong("rv64", "rv32");
        _engine.AcceptOnlyFromAmong("all", "interpreter", "baseline", "block");
        foreach (var option in new Option[] { _programs, _mutants, _seed, _first, _minutes, _isa, _engine, _threads, _compare, _faults, _harts })
            Add(option);
        SetAction((result, cancellation) => Task.FromResult(Execute(result, cancellation)));
    }

    private int Execute(ParseResult result, CancellationToken interrupted)
    {
        var guest = result.GetValue(_isa) == "rv32" ? FuzzGuest.Rv32 : FuzzGuest.Rv64;
        var coverage = new Coverage(guest.Isa);
        var chosen = result.GetValue(_compare) is { Length: > 0 } names ? names : result.GetValue(_faults) ? Comparison.Faults : null;
        var engine = result.GetValue(_engine)!;
        var comparisons = Comparison.All(coverage)
            .Where(comparison => chosen?.Contains(comparison.Name) ?? true)
            .Where(comparison => engine == "all" || comparison.Engine.Name.StartsWith(engine, StringComparison.Ordinal))
            .ToArray();
        if (comparisons.OfType<QemuComparison>().Any() && !QemuRunner.IsAvailable(guest))
        {
            Console.Error.WriteLine($"{guest.Qemu} is not installed: comparing engines only (Debian: apt-get install qemu-user)");
            comparisons = comparisons.Where(comparison => comparison is not QemuComparison).ToArray();
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(interrupted);
        if (result.GetValue(_minutes) is { } minutes)
            ending.CancelAfter(TimeSpan.FromMinutes(minutes));
        var programs = new FuzzRun(new FuzzSettings(guest, comparisons)
        {
            Seed = result.GetValue(_seed),
            First = result.GetValue(_first),
            Programs = result.GetValue(_programs),
            Threads = result.GetValue(_threads),
        })
        { Coverage = coverage, Found = Print };
        var mutants = new MutationRun(guest, GuestFiles.Read())
        {
            Seed = result.GetValue(_seed),
            First = result.GetValue(_first),
            Mutants = result.GetValue(_mutants) ?? (chosen is null || chosen.Contains(Mutants) ? result.GetValue(_programs) / 10 : 0),
            Threads = result.GetValue(_threads),
            Found = Print,
        };
        var harts = new HartRun
        {
            Seed = result.GetValue(_seed),
            First = result.GetValue(_first),
            Programs = result.GetValue(_harts),
            Found = Print,
        };
        Console.WriteLine($"{guest.Isa.Name}, seed {result.GetValue(_seed)}: {string.Join(", ", comparisons.Select(comparison => comparison.Name).Append($"{mutants.Mutants} mutants"))}");
        using (new Timer(_ => Console.WriteLine($"  {programs.Programs} programs, {mutants.Tried} mutants, {programs.Findings.Count + mutants.Findings.Count} findings"), null, 10_000, 10_000))
        {
            if (comparisons.Length > 0)
                programs.Execute(ending.Token);
            mutants.Execute(ending.Token);
            harts.Execute(HartRun.Engines.Where(configuration => engine == "all" || configuration.Name == engine), ending.Token);
        }
        return Summarize(guest, programs, mutants, harts);
    }

    private static void Print(Finding finding) => Console.WriteLine(finding.Report);

    private static int Summarize(FuzzGuest guest, FuzzRun programs, MutationRun mutants, HartRun harts)
    {
        var findings = programs.Findings.Count + mutants.Findings.Count + harts.Findings.Count;
        if (programs.Programs > 0)
            Console.WriteLine(programs.Coverage.Summarize(guest.Generator.Catalog));
        if (mutants.Tried > 0)
            Console.WriteLine($"mutants: {mutants.Loaded} of {mutants.Tried} could be loaded; ends: {string.Join(", ", mutants.Ends.OrderByDescending(end => end.Value).Select(end => $"{end.Key} {end.Value}"))}");
        if (harts.Tried > 0)
            Console.WriteLine($"harts: {harts.Tried} runs");
        Console.WriteLine($"{programs.Programs} programs, {mutants.Tried} mutants: {findings} findings");
        return findings == 0 ? 0 : 1;
    }
}
