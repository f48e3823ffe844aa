using System.Collections.Concurrent;
using System.Globalization;
using Dbt.Fuzz.Comparisons;
using Dbt.Fuzz.Machines;
using Dbt.Fuzz.Programs;
using Dbt.Isa;
using Dbt.Runtime.Memory;

namespace Dbt.Fuzz.Mutations;

/// <summary>Runs mutated programs on several engines, which must all survive, and agree.</summary>
/// <param name="guest">For which guest.</param>
/// <param name="programs">What is mutated: names and ELF files.</param>
internal sealed class MutationRun(FuzzGuest guest, IReadOnlyList<(string Name, byte[] File)> programs)
{
    private const long Budget = 2000;
    private const int MaximumFindings = 10;

    // More is not compared: it is all zeros.
    private const ulong ComparedBytes = 256 << 10;

    private readonly ConcurrentBag<Finding> _findings = [];
    private long _next;
    private long _loaded;

    /// <summary>What mutants are made from.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Number of the first mutant.</summary>
    public long First { get; init; }

    /// <summary>How many there are.</summary>
    public long Mutants { get; init; } = 1000;

    /// <summary>Host threads.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Told of each finding at once, on the thread that made it.</summary>
    public Action<Finding>? Found { get; init; }

    public IReadOnlyCollection<Finding> Findings => _findings;

    /// <summary>Mutants that could be loaded, so far.</summary>
    public long Loaded => Interlocked.Read(ref _loaded);

    /// <summary>Mutants tried so far.</summary>
    public long Tried => Math.Min(Interlocked.Read(ref _next), Mutants);

    /// <summary>How runs ended, so far.</summary>
    public ConcurrentDictionary<ExitReason, long> Ends { get; } = [];

    public void Execute(CancellationToken cancellation = default)
    {
        var threads = Enumerable.Range(0, Threads).Select(_ => new Thread(() => Work(cancellation)) { IsBackground = true }).ToArray();
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
    }

    private void Work(CancellationToken cancellation)
    {
        using var expected = new MutantMachine(guest, EngineConfiguration.Interpreter);
        using var block = new MutantMachine(guest, EngineConfiguration.Block);
        using var baseline = new MutantMachine(guest, EngineConfiguration.Baseline);
        for (long n; (n = Interlocked.Increment(ref _next) - 1) < Mutants && !cancellation.IsCancellationRequested && _findings.Count < MaximumFindings;)
        {
            var number = First + n;
            var seed = RandomSource.Derive(Seed, (ulong)number);
            var mutant = Mutant.Create(guest, programs, new RandomSource(seed));
            string? problem;
            try
            {
                problem = Compare(expected, [baseline, block], mutant, seed);
            }
            catch (Exception e)
            {
                problem = e.ToString();
            }
            if (problem is null)
                continue;
            var finding = new Finding("mutants", problem, string.Create(CultureInfo.InvariantCulture,
                $"mutants: {mutant.Origin}: {problem}\n  again: --isa {guest.Isa.Name} --compare mutants --seed {Seed} --first {number} --mutants 1\n"));
            _findings.Add(finding);
            Found?.Invoke(finding);
        }
    }

    private string? Compare(MutantMachine expected, MutantMachine[] others, Mutant mutant, ulong seed)
    {
        var isLoaded = expected.Run(mutant, seed, Budget);
        if (isLoaded)
        {
            Interlocked.Increment(ref _loaded);
            Ends.AddOrUpdate(ExitOf(expected), 1, (_, count) => count + 1);
        }
        foreach (var actual in others)
        {
            if (isLoaded != actual.Run(mutant, seed, Budget))
                return $"it was loaded only once: {actual.Name}";
            var difference = new StateDifference(actual.Name, expected.Name);
            if (isLoaded && (difference.Find(actual.Hart!, expected.Hart!) ?? CompareMemory(difference, expected.Memory, actual.Memory)) is { } found)
                return found;
        }
        return null;
    }

    private static unsafe ExitReason ExitOf(MutantMachine machine) => machine.Hart!.State->Exit;

    private static unsafe string? CompareMemory(StateDifference difference, GuestMemory expected, GuestMemory actual)
    {
        foreach (var mapping in expected.Mappings)
        {
            if (!mapping.Protection.HasFlag(MemoryProtection.Write))
                continue;
            var length = (int)Math.Min(mapping.Length, ComparedBytes);
            var found = difference.FindInMemory(
                new ReadOnlySpan<byte>(actual.Base + mapping.Start, length), new ReadOnlySpan<byte>(expected.Base + mapping.Start, length), mapping.Start);
            if (found is not null)
                return found;
        }
        return null;
    }
}
