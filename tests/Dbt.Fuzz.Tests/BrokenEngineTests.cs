using Dbt.Fuzz.Comparisons;
using Dbt.Fuzz.Machines;
using Dbt.Fuzz.Programs;
using Dbt.Fuzz.Tests.Broken;
using Dbt.Translator.Engines;
using Xunit.Abstractions;

namespace Dbt.Fuzz.Tests;

/// <summary>Engines that are wrong in one thing, seldom: the fuzzer finds that and shows the instruction in a short program.</summary>
public sealed class BrokenEngineTests(ITestOutputHelper output)
{
    private const int Programs = 20_000;
    private const int LongestReport = 8;

    [Theory]
    [InlineData(Damage.ExclusiveOr, "or ")]
    [InlineData(Damage.Comparison, "")]
    [InlineData(Damage.TornStore, "s")]
    [InlineData(Damage.AtomicMinimum, "amominu.d")]
    [InlineData(Damage.Reservation, "sc.")]
    [InlineData(Damage.Rounding, "fdiv.")]
    public void What_is_wrong_is_found_and_shrunk(Damage damage, string culprit)
    {
        var guest = FuzzGuest.Rv64;
        var engine = new EngineConfiguration($"broken-{damage}",
            _ => new BaselineEngine(new BrokenLifter(guest.Lifter, damage), new EngineOptions { CompileThreshold = 0 }));
        ProgramStyle[] styles = damage == Damage.TornStore ? [ProgramStyle.Wild] : [ProgramStyle.Complete];
        var comparison = new EngineComparison("broken", engine, Cuts.None, styles);
        var run = new FuzzRun(new FuzzSettings(guest, [comparison]) { Programs = Programs, BatchSize = 100, MaximumFindings = 1, Threads = 1 });
        run.Execute();
        var finding = Assert.Single(run.Findings);
        output.WriteLine($"after {run.Programs} programs:\n{finding.Report}");
        Assert.Contains(culprit, finding.Report, StringComparison.Ordinal);
        // Difference, seed, start, instructions, end.
        Assert.InRange(finding.Report.TrimEnd().Split('\n').Length, 4, 4 + LongestReport);
    }
}
