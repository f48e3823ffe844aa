using Dbt.Fuzz.Machines;
using Dbt.Fuzz.Programs;
using Dbt.Translator.Tests.HostCode;

namespace Dbt.Fuzz.Comparisons;

/// <summary>The comparisons that there are.</summary>
internal static class Comparison
{
    private static readonly ProgramStyle[] s_withoutFaults = [ProgramStyle.Complete];
    private static readonly ProgramStyle[] s_wild = [ProgramStyle.Wild];

    /// <summary>The names of those of programs that end in a fault.</summary>
    public static IReadOnlyList<string> Faults { get; } = ["faults", "faults-cuts", "faults-steps", "faults-uncounted", "faults-polls", "faults-block"];

    /// <summary>All of them, in the order of their cost.</summary>
    /// <param name="coverage">Where some of them count operations and ends.</param>
    public static IReadOnlyList<IComparison> All(Coverage? coverage = null) =>
    [
        new QemuComparison("qemu", EngineConfiguration.Interpreter),
        new EngineComparison("cuts", EngineConfiguration.BlockWarm, Cuts.Random),
        new EngineComparison("cuts-hot", EngineConfiguration.Block, Cuts.Random),
        new EngineComparison("block", EngineConfiguration.Block, Cuts.None),
        new EngineComparison("baseline", EngineConfiguration.Baseline, Cuts.None),
        new EngineComparison("baseline-cuts", EngineConfiguration.Baseline, Cuts.Random),
        new EngineComparison("baseline-uncounted", EngineConfiguration.BaselineUncounted, Cuts.None),
        new EngineComparison("baseline-polls", EngineConfiguration.BaselinePolls, Cuts.None),
        new EngineComparison("auto-cuts", EngineConfiguration.Auto, Cuts.Random),
        new EngineComparison("baseline-steps", EngineConfiguration.BaselineSingle, Cuts.EveryInstruction),
        new EngineComparison("region", EngineConfiguration.Region, Cuts.None, s_withoutFaults),
        new EngineComparison("region-uncounted", EngineConfiguration.RegionUncounted, Cuts.None, s_withoutFaults),
        new EngineComparison("region-cuts", EngineConfiguration.Region, Cuts.Random, s_withoutFaults),
        new QemuComparison("qemu-baseline", EngineConfiguration.Baseline),
        new QemuComparison("qemu-block", EngineConfiguration.Block),
        new EngineComparison("steps", EngineConfiguration.BlockSingle, Cuts.EveryInstruction, coverage: coverage),
        new EngineComparison("faults", EngineConfiguration.Baseline, Cuts.None, s_wild, coverage),
        new EngineComparison("faults-cuts", EngineConfiguration.Baseline, Cuts.Random, s_wild, coverage),
        new EngineComparison("faults-steps", EngineConfiguration.BaselineSingle, Cuts.EveryInstruction, s_wild),
        new EngineComparison("faults-uncounted", EngineConfiguration.BaselineUncounted, Cuts.None, s_wild, coverage),
        new EngineComparison("faults-polls", EngineConfiguration.BaselinePolls, Cuts.None, s_wild, coverage),
        new EngineComparison("faults-block", EngineConfiguration.Block, Cuts.None, s_wild),
        .. HostLevels.Lower.Select(level => new EngineComparison($"baseline-{level}", EngineConfiguration.BaselineOn(level), Cuts.Random)),
    ];

    /// <summary>One of them.</summary>
    public static IComparison Find(string name, Coverage? coverage = null) => All(coverage).First(comparison => comparison.Name == name);
}
