using Dbt.Fuzz.Harts;
using Dbt.Fuzz.Machines;
using Dbt.Fuzz.Tests.Broken;
using Dbt.Translator.Engines;
using Xunit.Abstractions;

namespace Dbt.Fuzz.Tests;

/// <summary>Two harts on two host threads: what holds of shared memory whatever comes first.</summary>
public sealed class HartTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("baseline", 200)]
    [InlineData("baseline-uncounted", 100)]
    [InlineData("interpreter", 30)]
    [InlineData("block", 30)]
    public void Atomics_of_two_harts_add_up(string engine, int programs)
    {
        var run = new HartRun { Seed = 20_261_121, Programs = programs };
        run.Execute([EngineOf(engine)]);
        Assert.Empty(run.Findings.Select(finding => finding.Report));
        Assert.Equal(programs, run.Tried);
    }

    [Theory]
    [InlineData("baseline")]
    [InlineData("baseline-uncounted")]
    [InlineData("interpreter")]
    [InlineData("block")]
    public void Outcomes_that_the_memory_model_forbids_do_not_come(string engine)
    {
        var configuration = EngineOf(engine);
        foreach (var litmus in Litmus.All)
        {
            var count = litmus.Run(configuration);
            Assert.True(count == 0, $"{litmus.Name}: {count} times");
        }
        // Depends on whether two cores are free.
        output.WriteLine($"store buffers seen: {Litmus.StoreBuffer.Run(configuration)} times");
    }

    [Fact]
    public void Additions_that_are_not_atomic_are_found()
    {
        var guest = FuzzGuest.Rv64;
        var engine = new EngineConfiguration("broken",
            _ => new BaselineEngine(new BrokenLifter(guest.Lifter, Damage.Torn), new EngineOptions { CompileThreshold = 0 }));
        var run = new HartRun { Seed = 1, Programs = 200, Turns = 100_000, MaximumFindings = 1 };
        run.Execute([engine]);
        Assert.NotEmpty(run.Findings);
        output.WriteLine(run.Findings.First().Report);
    }

    private static EngineConfiguration EngineOf(string name) => HartRun.Engines.First(engine => engine.Name == name);
}
