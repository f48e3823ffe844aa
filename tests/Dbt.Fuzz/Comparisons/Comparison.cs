using Dbt.Fuzz.Machines;

namespace Dbt.Fuzz.Comparisons;

/// <summary>The comparisons that there are.</summary>
internal static class Comparison
{
    /// <summary>All of them, in the order of their cost.</summary>
    /// <param name="coverage">Where the one that goes instruction by instruction counts operations.</param>
    public static IReadOnlyList<IComparison> All(Coverage? coverage = null) =>
    [
        new QemuComparison("qemu", EngineConfiguration.Interpreter),
        new EngineComparison("cuts", EngineConfiguration.BlockWarm, Cuts.Random),
        new EngineComparison("cuts-hot", EngineConfiguration.Block, Cuts.Random),
        new EngineComparison("block", EngineConfiguration.Block, Cuts.None),
        new EngineComparison("baseline", EngineConfiguration.Baseline, Cuts.None),
        new EngineComparison("baseline-cuts", EngineConfiguration.Baseline, Cuts.Random),
        new EngineComparison("baseline-steps", EngineConfiguration.BaselineSingle, Cuts.EveryInstruction),
        new QemuComparison("qemu-baseline", EngineConfiguration.Baseline),
        new QemuComparison("qemu-block", EngineConfiguration.Block),
        new EngineComparison("steps", EngineConfiguration.BlockSingle, Cuts.EveryInstruction, coverage),
    ];

    /// <summary>One of them.</summary>
    public static IComparison Find(string name, Coverage? coverage = null) => All(coverage).First(comparison => comparison.Name == name);
}
