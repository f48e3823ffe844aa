using Dbt.Fuzz.Machines;
using Dbt.Fuzz.Programs;
using Dbt.Isa;

namespace Dbt.Fuzz.Comparisons;

/// <summary>Runs programs on the interpreter and on another engine, in runs of the same length, and compares the states after each run.</summary>
/// <param name="name">Its name.</param>
/// <param name="engine">The other engine.</param>
/// <param name="cuts">How long the runs are.</param>
/// <param name="styles">Programs that it is for, if not all that need no QEMU.</param>
/// <param name="coverage">Where to count executed operations, when runs are one instruction long.</param>
internal sealed class EngineComparison(string name, EngineConfiguration engine, Cuts cuts, IReadOnlyList<ProgramStyle>? styles = null, Coverage? coverage = null) : IComparison
{
    // Many times what any program executes: loops are short and nested two deep.
    private const long Limit = 200_000;

    public string Name { get; } = name;

    public EngineConfiguration Engine { get; } = engine;

    public IReadOnlyList<ProgramStyle> Styles { get; } = styles ?? [ProgramStyle.Complete, ProgramStyle.Faulting];

    public IReadOnlyList<(int Index, string Difference)> Compare(Batch batch, MachinePool machines)
    {
        var expected = machines.Get(EngineConfiguration.Interpreter);
        var actual = machines.Get(Engine);
        expected.Load(batch);
        actual.Load(batch);
        var differences = new List<(int, string)>();
        for (var i = 0; i < batch.Programs.Count; i++)
            if (Compare(batch.Programs[i], i, expected, actual) is { } difference)
                differences.Add((i, difference));
        return differences;
    }

    private string? Compare(AssembledProgram program, int index, FuzzMachine expected, FuzzMachine actual)
    {
        expected.Start(index);
        actual.Start(index);
        var random = new RandomSource(program.Program.Seed);
        for (long executed = 0; executed < Limit;)
        {
            var pc = Pc(expected);
            var budget = cuts switch
            {
                Cuts.EveryInstruction => 1,
                Cuts.Random => 1 + random.Below(1 << random.Below(9)),
                _ => Limit,
            };
            var reason = Run(expected, budget);
            if (!Engine.Counts && (reason == ExitReason.Budget || HasReadCount(expected)))
            {
                // The other one would never come back, or be right to read something else. What was written may be any program's.
                expected.Load(expected.Batch);
                actual.Load(expected.Batch);
                return null;
            }
            Run(actual, budget);
            if (actual.FirstDifference(expected) is { } difference)
                return cuts == Cuts.None ? difference : $"{difference} (after {executed} instructions, {budget} more from 0x{pc:x} on)";
            if (cuts == Cuts.EveryInstruction)
                Count(program, pc);
            if (reason != ExitReason.Budget)
                coverage?.AddEnd(reason);
            if (reason != ExitReason.Budget)
                return program.Program.Style >= ProgramStyle.Faulting || expected.IsFinished
                    ? null
                    : $"the program ended with {reason} at 0x{Pc(expected):x}";
            executed += budget;
        }
        return "the program does not end";
    }

    private void Count(AssembledProgram program, ulong pc)
    {
        if (coverage is null || pc < program.Address || pc >= program.End)
            return;
        // Addresses ascend; the few beside them, where a wild jump has led, are not counted.
        var index = program.Addresses.AsSpan().BinarySearch(pc);
        if (index >= 0)
            coverage.AddExecuted(program.Instructions[index].Operation);
    }

    private static unsafe bool HasReadCount(FuzzMachine machine) => machine.State->CountIsRead != 0;

    private static unsafe ulong Pc(FuzzMachine machine) => machine.State->Pc;

    private static ExitReason Run(FuzzMachine machine, long budget)
    {
        using var scope = machine.Enter();
        return machine.Run(budget);
    }
}
