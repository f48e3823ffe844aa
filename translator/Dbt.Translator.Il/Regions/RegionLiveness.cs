using Dbt.Translator.Il.Trees.Statements;

namespace Dbt.Translator.Il.Regions;

/// <summary>Finds which registers hold values that somebody wants, and which differ from their homes in the hart's state.</summary>
internal static class RegionLiveness
{
    /// <summary>Fills in the sets of all blocks.</summary>
    /// <param name="region">The region.</param>
    /// <param name="exact">
    /// All registers are what they should be wherever the region may be left for a while, those too that nobody reads before they are written.
    /// </param>
    public static void Analyze(Region region, bool exact)
    {
        FindDirty(region);
        FindLive(region, exact);
    }

    private static void FindDirty(Region region)
    {
        for (var changed = true; changed;)
        {
            changed = false;
            foreach (var block in region.Blocks)
            {
                block.DirtyOut = block.DirtyIn | Written(block);
                foreach (var edge in block.Edges)
                {
                    if (edge.Block is not { } next || (next.DirtyIn | block.DirtyOut) == next.DirtyIn)
                        continue;
                    next.DirtyIn |= block.DirtyOut;
                    changed = true;
                }
            }
        }
    }

    private static void FindLive(Region region, bool exact)
    {
        for (var changed = true; changed;)
        {
            changed = false;
            foreach (var block in region.Blocks.Reverse())
            {
                // Whoever goes back may have to leave instead, when the budget ends.
                ulong live = block.Target != null || block.Edges.Any(edge => edge.Block is null || exact && edge.IsBack || edge.Block.Wanted != 0) ? block.DirtyOut : 0;
                foreach (var edge in block.Edges)
                    live |= edge.Block?.LiveIn ?? 0;
                block.LiveOut = live;
                live = live & ~Written(block) | Read(block);
                changed |= live != block.LiveIn;
                block.LiveIn = live;
            }
        }
    }

    private static ulong Written(RegionBlock block)
    {
        ulong set = 0;
        foreach (var register in block.Written.Keys)
            set |= 1UL << register;
        return set;
    }

    private static ulong Read(RegionBlock block)
    {
        ulong set = 0;
        foreach (var statement in block.Statements)
            if (statement is LoadRegisterStatement load)
                set |= 1UL << load.Offset;
        return set;
    }
}
