using Dbt.Isa;
using Dbt.Runtime.Memory;
using Dbt.Translator.Explaining;

namespace Dbt.Lab.Profiling;

/// <summary>Finds the translations in which a run spent its instructions.</summary>
/// <param name="isa">The guest.</param>
/// <param name="explainer">Shows translations as the engine made them.</param>
/// <param name="nameOf">Names guest addresses.</param>
internal sealed class Hotspots(GuestIsa isa, IBlockExplainer explainer, Func<ulong, string?> nameOf)
{
    // Translations that are looked at for each one that is wanted: their shares are estimates until it is known what is in them.
    private const int CandidatesPerUnit = 3;

    // Bytes. Compilers that go on behind conditional jumps do not go on behind shorter ones.
    private const ulong ShortSkip = 16;

    /// <summary>The hottest translations first.</summary>
    /// <param name="weights">By guest address, how often the instruction there was executed.</param>
    /// <param name="starts">Where translations start.</param>
    /// <param name="most">How many are wanted.</param>
    /// <param name="longest">Most guest instructions in a block.</param>
    public List<ProfiledUnit> Find(IReadOnlyDictionary<ulong, long> weights, IReadOnlyCollection<ulong> starts, int most, int longest)
    {
        var total = Math.Max(1, weights.Values.Sum());
        var units = ExplainHottest(weights, [.. starts.Order()], most * CandidatesPerUnit);
        var left = new Dictionary<ulong, long>(weights);
        AddInterpreted(units, left, most);
        return [.. units.Select(unit => (Unit: unit, Weight: WeightOf(unit.Explanation, units, left)))
            .Where(pair => pair.Weight > 0)
            .OrderByDescending(pair => pair.Weight)
            .Take(most)
            .Select(pair => Describe(pair.Unit, pair.Weight, (double)pair.Weight / total, weights, starts, longest))];
    }

    private sealed record Unit(BlockExplanation Explanation, HashSet<ulong> Addresses, bool IsTranslated);

    // Those before which most samples lie, up to the start of the next one.
    private List<Unit> ExplainHottest(IReadOnlyDictionary<ulong, long> weights, ulong[] starts, int most)
    {
        var sums = new Dictionary<ulong, long>();
        foreach (var (pc, weight) in weights)
        {
            var i = Array.BinarySearch(starts, pc);
            i = i < 0 ? ~i - 1 : i;
            if (i >= 0)
                sums[starts[i]] = sums.GetValueOrDefault(starts[i]) + weight;
        }
        return [.. sums.OrderByDescending(sum => sum.Value).ThenBy(sum => sum.Key).Take(most).Select(sum => Explain(sum.Key, true)).OfType<Unit>()];
    }

    private Unit? Explain(ulong start, bool isTranslated) => explainer.Explain(start) is { } explanation
        ? new Unit(explanation, [.. explanation.Instructions.Select(instruction => instruction.Pc)], isTranslated)
        : null;

    // Hot places that no translation has: what was too cold to be compiled, as everything is in a short run.
    private void AddInterpreted(List<Unit> units, Dictionary<ulong, long> left, int most)
    {
        var covered = units.SelectMany(unit => unit.Addresses).ToHashSet();
        foreach (var pc in left.Where(weight => !covered.Contains(weight.Key)).OrderByDescending(weight => weight.Value).Take(most * CandidatesPerUnit).Select(weight => weight.Key).Order())
            if (!covered.Contains(pc) && Explain(pc, false) is { } unit)
            {
                units.Add(unit);
                covered.UnionWith(unit.Addresses);
            }
    }

    // An instruction that is in several of them belongs to the one that starts last before it: the others contain it as a copy.
    private static long WeightOf(BlockExplanation unit, List<Unit> units, Dictionary<ulong, long> weights)
    {
        var sum = 0L;
        foreach (var instruction in unit.Instructions)
            if (weights.TryGetValue(instruction.Pc, out var weight) && OwnerOf(instruction.Pc, units) == unit)
                sum += weight;
        return sum;
    }

    private static BlockExplanation? OwnerOf(ulong pc, List<Unit> units)
    {
        BlockExplanation? owner = null;
        foreach (var unit in units)
            if (unit.Addresses.Contains(pc) && (owner is null || Distance(unit.Explanation) < Distance(owner)))
                owner = unit.Explanation;
        return owner;

        ulong Distance(BlockExplanation unit) => pc - unit.Start;
    }

    private ProfiledUnit Describe(Unit unit, long weight, double share, IReadOnlyDictionary<ulong, long> weights, IReadOnlyCollection<ulong> starts, int longest)
    {
        var explanation = unit.Explanation;
        return new(explanation, nameOf(explanation.Start), weight, share, unit.IsTranslated, CountsOf(explanation, weights, starts), CutOf(explanation, longest));
    }

    // What is executed together was executed equally often: the mean over it is nearer to the truth than each estimate.
    private Dictionary<ulong, long> CountsOf(BlockExplanation unit, IReadOnlyDictionary<ulong, long> weights, IReadOnlyCollection<ulong> starts)
    {
        var counts = new Dictionary<ulong, long>();
        var stretch = new List<ulong>();
        foreach (var instruction in unit.Instructions)
        {
            if (starts.Contains(instruction.Pc))
                Close();
            stretch.Add(instruction.Pc);
            if ((isa.TraitsOf(instruction.Instruction.Operation) & OperationTraits.EndsBlock) != 0)
                Close();
        }
        Close();
        return counts;

        void Close()
        {
            var sum = stretch.Sum(pc => weights.GetValueOrDefault(pc));
            foreach (var pc in stretch)
                if (sum > 0)
                    counts[pc] = sum / stretch.Count;
            stretch.Clear();
        }
    }

    private string CutOf(BlockExplanation unit, int longest)
    {
        var last = unit.Instructions[^1];
        var traits = isa.TraitsOf(last.Instruction.Operation);
        if ((traits & OperationTraits.EndsBlock) != 0)
            return CutAtJump(last, traits);
        if ((traits & OperationTraits.System) != 0)
            return "it ends with an access to a system register, which may change how instructions behind it work";
        if (unit.Instructions.Count >= longest)
            return $"it is as long as a block may be, {longest} instructions";
        var end = last.Pc + last.Instruction.Length;
        return end / GuestMemory.PageSize != last.Pc / GuestMemory.PageSize
            ? "a page of guest memory ends there"
            : "its compiler chose so, or what is behind it cannot be fetched or decoded";
    }

    private string CutAtJump(in PredecodedInstruction last, OperationTraits traits)
    {
        if ((traits & OperationTraits.DirectJump) == 0)
            return "it ends with a jump whose target is known only when it is executed, or with a call of the system";
        var target = isa.DirectTarget(last.Instruction, last.Pc);
        var to = $"0x{target:x}{(nameOf(target) is { } name ? $" <{name}>" : "")}";
        if ((traits & OperationTraits.Conditional) == 0)
            return $"it ends with a jump to {to}";
        if (target <= last.Pc)
            return $"a loop closes: it ends with a conditional jump back to {to}";
        return target - last.Pc <= ShortSkip
            ? $"it ends with a conditional jump to {to}, over a few instructions, which is as often taken as not"
            : $"it ends with a conditional jump to {to}, at which a trace as long as this one, or a block, ends";
    }
}
