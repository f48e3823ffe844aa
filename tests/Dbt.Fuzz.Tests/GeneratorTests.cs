using Dbt.Fuzz.Comparisons;
using Dbt.Fuzz.Machines;
using Dbt.Fuzz.Programs;

namespace Dbt.Fuzz.Tests;

/// <summary>The tools themselves: a fuzzer that finds nothing must be shown to find something.</summary>
public sealed class GeneratorTests
{
    [Fact]
    public void A_seed_means_the_same_program_for_ever()
    {
        var generator = FuzzGuest.Rv64.Generator;
        var first = Batch.Create(FuzzGuest.Rv64, [generator.Generate(42, ProgramStyle.Complete)]);
        var second = Batch.Create(FuzzGuest.Rv64, [generator.Generate(42, ProgramStyle.Complete)]);
        var other = Batch.Create(FuzzGuest.Rv64, [generator.Generate(43, ProgramStyle.Complete)]);
        Assert.Equal(first.Code, second.Code);
        Assert.Equal(first.Data, second.Data);
        Assert.NotEqual(first.Code, other.Code);
    }

    [Fact]
    public void Random_numbers_stay_in_their_ranges_and_reach_their_ends()
    {
        var random = new RandomSource(7);
        var seen = new HashSet<long>();
        for (var i = 0; i < 1000; i++)
            seen.Add(random.Between(-2, 2));
        Assert.Equal([-2L, -1, 0, 1, 2], seen.Order());
        Assert.Equal(RandomSource.Derive(1, 2), RandomSource.Derive(1, 2));
        Assert.NotEqual(RandomSource.Derive(1, 2), RandomSource.Derive(2, 1));
    }

    [Fact]
    public void Dropped_steps_leave_programs_that_assemble_and_end()
    {
        var guest = FuzzGuest.Rv64;
        using var machines = new MachinePool(guest);
        var comparison = Comparison.Find("cuts");
        for (ulong seed = 0; seed < 200; seed++)
        {
            var program = guest.Generator.Generate(seed, ProgramStyle.Complete);
            var smaller = program.Without(group => group % 3 == 0);
            Assert.True(smaller.Steps.Count <= program.Steps.Count);
            Assert.Empty(comparison.Compare(Batch.Create(guest, [smaller]), machines));
        }
    }

    [Fact]
    public void A_program_that_differs_is_shrunk_to_what_matters()
    {
        var guest = FuzzGuest.Rv64;
        using var machines = new MachinePool(guest);
        var multiply = guest.Generator.Catalog.Build("mul").Operation;
        var found = 0;
        for (ulong seed = 0; seed < 300 && found < 5; seed++)
        {
            var program = guest.Generator.Generate(seed, ProgramStyle.Complete);
            if (program.Steps.All(step => step.Instruction.Operation != multiply))
                continue;
            found++;
            var shrunk = Shrinker.Shrink(program, new FindsOperation(multiply), machines);
            Assert.Equal(multiply, Assert.Single(shrunk!.Value.Program.Steps).Instruction.Operation);
            var report = Report.Write(guest, shrunk.Value.Program, "test", shrunk.Value.Difference, "nothing");
            Assert.Contains("mul ", report, StringComparison.Ordinal);
            Assert.Contains("has it", report, StringComparison.Ordinal);
        }
        Assert.Equal(5, found);
    }

    [Theory]
    [InlineData("block")]
    [InlineData("steps")]
    public void What_is_compared_was_compiled(string name)
    {
        var guest = FuzzGuest.Rv64;
        using var machines = new MachinePool(guest);
        var comparison = Comparison.Find(name);
        var programs = Enumerable.Range(0, 50).Select(seed => guest.Generator.Generate((ulong)seed, ProgramStyle.Complete)).ToArray();
        Assert.Empty(comparison.Compare(Batch.Create(guest, programs), machines));
        var statistics = machines.Get(comparison.Engine).Statistics;
        // Unusual rounding modes are left to the interpreter.
        Assert.InRange(statistics.InterpretedInstructions, 0, statistics.Instructions / 3);
    }

    // Calls every program wrong that has an operation.
    private sealed class FindsOperation(ushort operation) : IComparison
    {
        public string Name => "test";

        public EngineConfiguration Engine => EngineConfiguration.Interpreter;

        public IReadOnlyList<ProgramStyle> Styles => [];

        public IReadOnlyList<(int Index, string Difference)> Compare(Batch batch, MachinePool machines) =>
            batch.Programs[0].Instructions.Any(instruction => instruction.Operation == operation) ? [(0, "has it")] : [];
    }
}
