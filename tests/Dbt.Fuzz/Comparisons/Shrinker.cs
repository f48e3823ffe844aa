using Dbt.Fuzz.Machines;
using Dbt.Fuzz.Programs;

namespace Dbt.Fuzz.Comparisons;

/// <summary>Makes a program that shows a difference smaller, as long as it shows one.</summary>
internal static class Shrinker
{
    /// <summary>A smaller program that still differs, alone in a batch, and how; null when the program alone does not differ.</summary>
    public static (GuestProgram Program, string Difference)? Shrink(GuestProgram program, IComparison comparison, MachinePool machines)
    {
        if (Differs(program, comparison, machines) is not { } difference)
            return null;
        program = DropGroups(program, comparison, machines);
        program = ClearStart(program, comparison, machines);
        return (program, Differs(program, comparison, machines) ?? difference);
    }

    private static string? Differs(GuestProgram program, IComparison comparison, MachinePool machines)
    {
        var differences = comparison.Compare(Batch.Create(machines.Guest, [program]), machines);
        return differences.Count == 0 ? null : differences[0].Difference;
    }

    // Halves, quarters, ..., single groups; again while single ones can be dropped.
    private static GuestProgram DropGroups(GuestProgram program, IComparison comparison, MachinePool machines)
    {
        var progress = true;
        while (progress)
        {
            progress = false;
            var groups = program.Steps.Select(step => step.Group).Distinct().ToArray();
            for (var size = Math.Max(1, groups.Length / 2); size >= 1; size /= 2)
                for (var start = 0; start < groups.Length; start += size)
                {
                    var dropped = groups.Skip(start).Take(size).ToHashSet();
                    var smaller = program.Without(dropped.Contains);
                    if (smaller.Steps.Count == program.Steps.Count || Differs(smaller, comparison, machines) is null)
                        continue;
                    program = smaller;
                    progress = true;
                }
        }
        return program;
    }

    private static GuestProgram ClearStart(GuestProgram program, IComparison comparison, MachinePool machines)
    {
        for (var i = 0; i < 66; i++)
        {
            var start = program.Start.Clone();
            if (i < 32)
                start.Integers[i] = 0;
            else if (i < 64)
                start.Floats[i - 32] = 0;
            else if (i == 64)
                start.Fcsr = 0;
            else
                Array.Clear(start.Memory);
            var simpler = program with { Start = start };
            if (Differs(simpler, comparison, machines) is not null)
                program = simpler;
        }
        return program;
    }
}
