namespace Dbt.Translator.Il.Regions;

/// <summary>
/// Finds what is known of addresses at the start of each block, and chooses what is compared in front of loops and at entries so that
/// nothing has to be compared inside.
/// </summary>
internal static class RegionBounds
{
    private const int MostChanges = 8;

    /// <summary>Fills in <see cref="RegionBlock.Bounds"/> and <see cref="RegionBlock.Wanted"/>.</summary>
    /// <param name="region">The region; its live registers are known.</param>
    /// <param name="limit">First guest address outside of the window.</param>
    public static void Analyze(Region region, ulong limit)
    {
        FindBases(region, limit);
        for (; ; )
        {
            Solve(region, limit);
            var dropped = false;
            foreach (var (block, walk) in Walk(region, limit, null))
            {
                foreach (var edge in block.Edges)
                {
                    if (!edge.IsBack)
                        continue;
                    // A comparison in each turn would be no better in front of the loop.
                    foreach (var register in RegionRegisters.In(edge.Block!.Wanted))
                    {
                        if (After(block, walk, register) != Bounds.Unknown)
                            continue;
                        edge.Block.Wanted &= ~(1UL << register);
                        dropped = true;
                    }
                }
            }
            if (!dropped)
                return;
        }
    }

    /// <summary>What is known of a register behind a block.</summary>
    public static int After(RegionBlock block, BoundsWalk walk, int register) =>
        block.Written.TryGetValue(register, out var value) ? walk.DistanceOf(value) : walk.DistanceAtEnd(register);

    // Registers whose value at an entry is an address that some way through the region accesses memory by.
    private static void FindBases(Region region, ulong limit)
    {
        var own = Walk(region, limit, Bounds.Nothing(region.Registers.Count));
        for (var changed = true; changed;)
        {
            changed = false;
            foreach (var (block, walk) in own.AsEnumerable().Reverse())
            {
                ulong bases = 0;
                foreach (var edge in block.Edges)
                    bases |= edge.Block?.Wanted ?? 0;
                foreach (var register in block.Written.Keys)
                    bases &= ~(1UL << register);
                bases |= walk.Bases;
                changed |= bases != block.Wanted;
                block.Wanted = bases;
            }
        }
        foreach (var block in region.Blocks)
            if (block.Entry < 0)
                block.Wanted = 0;
    }

    private static List<KeyValuePair<RegionBlock, BoundsWalk>> Walk(Region region, ulong limit, Bounds? before)
    {
        var walks = new List<KeyValuePair<RegionBlock, BoundsWalk>>();
        foreach (var block in region.Blocks)
        {
            var walk = new BoundsWalk(before ?? block.Bounds ?? Bounds.Nothing(region.Registers.Count), limit);
            foreach (var statement in block.Statements)
                walk.Pass(statement);
            walks.Add(new(block, walk));
        }
        return walks;
    }

    private static void Solve(Region region, ulong limit)
    {
        var nothing = Bounds.Nothing(region.Registers.Count);
        var changes = new Dictionary<RegionBlock, int>();
        foreach (var block in region.Blocks)
            block.Bounds = block.Entry >= 0 ? nothing.With(block.Wanted) : null;
        for (var changed = true; changed;)
        {
            changed = false;
            foreach (var block in region.Blocks)
            {
                if (block.Bounds == null)
                    continue;
                var walk = new BoundsWalk(block.Bounds, limit);
                foreach (var statement in block.Statements)
                    walk.Pass(statement);
                var after = new int[region.Registers.Count];
                for (var register = 0; register < after.Length; register++)
                    after[register] = After(block, walk, register);
                foreach (var edge in block.Edges)
                {
                    if (edge.Block is not { } next)
                        continue;
                    // Only what is not known is compared on the way; what is known is as far away as it was.
                    ulong compared = 0;
                    foreach (var register in RegionRegisters.In(next.Wanted))
                        if (after[register] == Bounds.Unknown)
                            compared |= 1UL << register;
                    var bounds = new Bounds(after).With(compared);
                    if (next.Bounds != null)
                        bounds = Bounds.Merge(next.Bounds, bounds);
                    if (next.Bounds != null && bounds.Same(next.Bounds))
                        continue;
                    // A distance that grows with every turn grows for ever.
                    changes[next] = changes.GetValueOrDefault(next) + 1;
                    next.Bounds = next.Bounds != null && changes[next] > MostChanges ? bounds.WithoutWhatDiffersFrom(next.Bounds) : bounds;
                    changed = true;
                }
            }
        }
    }
}
