using System.Collections.Concurrent;
using Dbt.Fuzz.Comparisons;
using Dbt.Fuzz.Machines;
using Dbt.Fuzz.Programs;

namespace Dbt.Fuzz;

/// <summary>Makes programs, compares their executions, and shrinks those that differ.</summary>
internal sealed class FuzzRun(FuzzSettings settings)
{
    private readonly ConcurrentBag<Finding> _findings = [];
    private long _programs;
    private long _batches;

    /// <summary>What was found so far.</summary>
    public IReadOnlyCollection<Finding> Findings => _findings;

    /// <summary>Programs run so far: each counts once, however many comparisons it was used for.</summary>
    public long Programs => Interlocked.Read(ref _programs);

    /// <summary>Told of each finding at once, on the thread that made it.</summary>
    public Action<Finding>? Found { get; init; }

    public Coverage Coverage { get; init; } = new(settings.Guest.Isa);

    /// <summary>Runs everything; returns early when cancelled or when there are findings enough.</summary>
    public void Execute(CancellationToken cancellation = default)
    {
        var threads = Enumerable.Range(0, settings.Threads).Select(_ => new Thread(() => Work(cancellation)) { IsBackground = true }).ToArray();
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
    }

    private void Work(CancellationToken cancellation)
    {
        using var machines = new MachinePool(settings.Guest);
        while (!cancellation.IsCancellationRequested && _findings.Count < settings.MaximumFindings)
        {
            var first = (Interlocked.Increment(ref _batches) - 1) * settings.BatchSize;
            var count = (int)Math.Min(settings.BatchSize, settings.Programs - first);
            if (count <= 0)
                return;
            try
            {
                foreach (var style in Enum.GetValues<ProgramStyle>())
                    Work(machines, style, settings.First + first, count);
            }
            catch (Exception e)
            {
                // An error of an engine, or of ours: report it as one, with what led to it.
                Add(new Finding("crash", e.Message, $"programs {settings.First + first} to {settings.First + first + count - 1}, seed {settings.Seed}: {e}"));
            }
        }
    }

    private void Add(Finding finding)
    {
        _findings.Add(finding);
        Found?.Invoke(finding);
    }

    private void Work(MachinePool machines, ProgramStyle style, long first, int count)
    {
        var comparisons = settings.Comparisons.Where(comparison => comparison.Styles.Contains(style)).ToArray();
        if (comparisons.Length == 0)
            return;
        var generator = settings.Guest.Generator;
        var programs = Enumerable.Range(0, count)
            .Select(i => generator.Generate(RandomSource.Derive(settings.Seed, (ulong)(first + i)), style)).ToArray();
        var batch = Batch.Create(settings.Guest, programs);
        foreach (var program in batch.Programs)
            Coverage.AddGenerated(program);
        foreach (var comparison in comparisons)
            foreach (var (index, difference) in comparison.Compare(batch, machines))
            {
                if (_findings.Count < settings.MaximumFindings)
                    Add(Describe(machines, comparison, programs[index], first + index, difference));
            }
        Interlocked.Add(ref _programs, count);
    }

    private Finding Describe(MachinePool machines, IComparison comparison, GuestProgram program, long number, string difference)
    {
        var command = $"--isa {settings.Guest.Isa.Name} --seed {settings.Seed} --first {number} --programs 1 --compare {comparison.Name}";
        var shrunk = Shrinker.Shrink(program, comparison, machines);
        var report = shrunk is { } small
            ? Report.Write(settings.Guest, small.Program, comparison.Name, small.Difference, command)
            : Report.Write(settings.Guest, program, comparison.Name, $"{difference}; not when it runs alone", command);
        return new Finding(comparison.Name, difference, report);
    }
}
