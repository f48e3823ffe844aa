using Dbt.Fuzz.Machines;
using Dbt.Fuzz.Programs;
using Dbt.Fuzz.Qemu;

namespace Dbt.Fuzz.Comparisons;

/// <summary>Runs programs on an engine and under QEMU, and compares registers, fcsr and memory at the end.</summary>
internal sealed class QemuComparison(string name, EngineConfiguration engine) : IComparison
{
    private const long Limit = 200_000;

    public string Name { get; } = name;

    public EngineConfiguration Engine { get; } = engine;

    public IReadOnlyList<ProgramStyle> Styles { get; } = [ProgramStyle.Portable];

    public IReadOnlyList<(int Index, string Difference)> Compare(Batch batch, MachinePool machines)
    {
        var data = QemuRunner.Run(batch, out var failure);
        if (data is null)
            return batch.Programs.Count == 1 ? [(0, failure!)] : Bisect(batch, machines);
        var machine = machines.Get(Engine);
        machine.Load(batch);
        var differences = new List<(int, string)>();
        Span<byte> slot = stackalloc byte[Layout.SlotSize];
        using var scope = machine.Enter();
        for (var i = 0; i < batch.Programs.Count; i++)
        {
            machine.Start(i);
            var reason = machine.Run(Limit);
            if (!machine.IsFinished)
            {
                differences.Add((i, $"the program ended with {reason} here, but not under QEMU"));
                continue;
            }
            machine.ReadSlot(slot);
            if (FirstDifference(machine, slot, data.AsSpan(Layout.Slot(i), Layout.SlotSize)) is { } difference)
                differences.Add((i, difference));
        }
        return differences;
    }

    // QEMU died of one of them.
    private List<(int Index, string Difference)> Bisect(Batch batch, MachinePool machines)
    {
        var half = batch.Programs.Count / 2;
        var programs = batch.Programs.Select(program => program.Program).ToArray();
        var differences = new List<(int, string)>();
        foreach (var (start, part) in new[] { (0, programs[..half]), (half, programs[half..]) })
            foreach (var (index, difference) in Compare(Batch.Create(batch.Guest, part), machines))
                differences.Add((start + index, difference));
        return differences;
    }

    private static string? FirstDifference(FuzzMachine machine, ReadOnlySpan<byte> ours, ReadOnlySpan<byte> theirs)
    {
        if (ours.SequenceEqual(theirs))
            return null;
        var at = ours.CommonPrefixLength(theirs) & -8;
        var (a, b) = (BitConverter.ToUInt64(ours[at..]), BitConverter.ToUInt64(theirs[at..]));
        var offset = at - Layout.Reach;
        var what = offset switch
        {
            >= Layout.Fcsr => "fcsr",
            >= Layout.Floats => $"f{(offset - Layout.Floats) / 8}",
            >= Layout.Integers => $"x{(offset - Layout.Integers) / 8}",
            _ => $"memory at gp{offset:+0;-0;+0}",
        };
        return $"{what}: {machine.Name} 0x{a:x}, QEMU 0x{b:x}";
    }
}
