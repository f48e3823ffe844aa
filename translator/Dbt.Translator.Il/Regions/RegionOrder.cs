namespace Dbt.Translator.Il.Regions;

/// <summary>Orders blocks so that each comes before those that it leads to, loops apart, and finds what leads back.</summary>
internal sealed class RegionOrder
{
    private readonly List<RegionBlock> _blocks = [];
    private readonly List<RegionBlock> _headers = [];
    private readonly HashSet<RegionBlock> _seen = [];
    private readonly HashSet<RegionBlock> _open = [];

    /// <summary>Orders what can be reached from some blocks.</summary>
    public RegionOrder(IReadOnlyList<RegionBlock> entries)
    {
        foreach (var entry in entries)
        {
            var start = _blocks.Count;
            Visit(entry);
            _blocks.Reverse(start, _blocks.Count - start);
        }
        for (var i = 0; i < _blocks.Count; i++)
            _blocks[i].Order = i;
    }

    /// <summary>The blocks in order.</summary>
    public IReadOnlyList<RegionBlock> Blocks => _blocks;

    /// <summary>Blocks that something leads back to.</summary>
    public IReadOnlyList<RegionBlock> Headers => _headers;

    // Depth first, without recursion: what is next in line is visited last, so that it comes first.
    private void Visit(RegionBlock first)
    {
        if (!_seen.Add(first))
            return;
        var path = new Stack<(RegionBlock Block, IEnumerator<RegionEdge> Edges)>();
        Open(first);
        while (path.TryPeek(out var top))
        {
            if (!top.Edges.MoveNext())
            {
                path.Pop();
                _open.Remove(top.Block);
                _blocks.Add(top.Block);
                continue;
            }
            var edge = top.Edges.Current;
            if (edge.Block is not { } next)
                continue;
            if (_open.Contains(next))
            {
                edge.IsBack = true;
                if (!_headers.Contains(next))
                    _headers.Add(next);
            }
            else if (_seen.Add(next))
            {
                Open(next);
            }
        }

        void Open(RegionBlock block)
        {
            _open.Add(block);
            path.Push((block, block.Edges.GetEnumerator()));
        }
    }
}
