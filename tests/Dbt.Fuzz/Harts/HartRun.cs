using Dbt.Fuzz.Comparisons;
using Dbt.Fuzz.Machines;
using Dbt.Fuzz.Programs;

namespace Dbt.Fuzz.Harts;

/// <summary>Runs programs of two harts on engines, one after the other: both cores are theirs.</summary>
internal sealed class HartRun
{
    private readonly List<Finding> _findings = [];

    /// <summary>Engines that run them.</summary>
    public static IReadOnlyList<EngineConfiguration> Engines { get; } =
        [EngineConfiguration.Baseline, EngineConfiguration.BaselineUncounted, EngineConfiguration.Interpreter, EngineConfiguration.Block];

    /// <summary>What programs are made from.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Number of the first one.</summary>
    public long First { get; init; }

    /// <summary>How many there are, for each engine.</summary>
    public long Programs { get; init; }

    /// <summary>How often a hart goes through its code.</summary>
    public int Turns { get; init; } = 2000;

    /// <summary>Ends the run after as many findings.</summary>
    public int MaximumFindings { get; init; } = 10;

    /// <summary>Told of each finding at once.</summary>
    public Action<Finding>? Found { get; init; }

    /// <summary>What was found so far.</summary>
    public IReadOnlyCollection<Finding> Findings => _findings;

    /// <summary>Programs run so far, on all engines.</summary>
    public long Tried { get; private set; }

    public void Execute(IEnumerable<EngineConfiguration> engines, CancellationToken cancellation = default)
    {
        var chosen = engines.ToArray();
        for (long n = 0; n < Programs && _findings.Count < MaximumFindings && !cancellation.IsCancellationRequested; n++)
        {
            var program = new AtomicProgram(RandomSource.Derive(Seed, (ulong)(First + n)), Turns);
            foreach (var engine in chosen)
            {
                Tried++;
                if (program.Run(engine) is not { } problem)
                    continue;
                var finding = new Finding("harts", problem, program.Report(engine.Name, $"{problem} (program {First + n} of seed {Seed})"));
                _findings.Add(finding);
                Found?.Invoke(finding);
            }
        }
    }
}
