namespace Dbt.Translator.Il.Regions;

/// <summary>
/// Finds how to enter a region in the middle of its loops without making them irregular for .NET's compiler: through the headers of
/// all loops around the entry, outermost first.
/// </summary>
internal static class RegionLoops
{
    /// <summary>The blocks through which each entry is reached, by entry index; the last one is the entry itself.</summary>
    /// <param name="region">The region, ordered.</param>
    public static List<List<RegionBlock>> WaysIn(Region region)
    {
        var loops = Find(region);
        var ways = new List<List<RegionBlock>>();
        foreach (var entry in region.Entries)
        {
            var way = new List<RegionBlock>();
            foreach (var (header, body) in loops.Where(loop => loop.Value.Contains(entry)).OrderByDescending(loop => loop.Value.Count))
                way.Add(header);
            if (way.Count == 0 || way[^1] != entry)
                way.Add(entry);
            ways.Add(way);
        }
        return ways;
    }

    // Natural loops: headers and bodies.
    private static Dictionary<RegionBlock, HashSet<RegionBlock>> Find(Region region)
    {
        var sources = new Dictionary<RegionBlock, List<RegionBlock>>();
        foreach (var block in region.Blocks)
        {
            foreach (var edge in block.Edges)
            {
                if (edge.Block is not { } next)
                    continue;
                if (!sources.TryGetValue(next, out var list))
                    sources.Add(next, list = []);
                list.Add(block);
            }
        }
        var loops = new Dictionary<RegionBlock, HashSet<RegionBlock>>();
        foreach (var block in region.Blocks)
        {
            foreach (var edge in block.Edges)
            {
                if (!edge.IsBack)
                    continue;
                var header = edge.Block!;
                if (Body(region, header, block, sources) is not { } body)
                    continue;
                if (loops.TryGetValue(header, out var known))
                    known.UnionWith(body);
                else
                    loops.Add(header, body);
            }
        }
        return loops;
    }

    // What leads to the block that jumps back, without the header; null when there is another way in.
    private static HashSet<RegionBlock>? Body(Region region, RegionBlock header, RegionBlock back, Dictionary<RegionBlock, List<RegionBlock>> sources)
    {
        var body = new HashSet<RegionBlock> { header };
        var work = new Stack<RegionBlock>();
        if (body.Add(back))
            work.Push(back);
        while (work.TryPop(out var block))
        {
            // Nothing leads to it: it is entered from outside.
            if (block == region.Entries[0] || !sources.TryGetValue(block, out var before))
                return null;
            foreach (var source in before)
                if (body.Add(source))
                    work.Push(source);
        }
        return body;
    }
}
