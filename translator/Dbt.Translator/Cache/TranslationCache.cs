namespace Dbt.Translator.Cache;

/// <summary>
/// Blocks by guest pc and by guest page, their memory, and the byte budget. Dropping is always in batches: the pages that the guest
/// changed, or everything when the budget is used up, because memory of mixed age fragments. Not thread-safe: its engine locks it.
/// </summary>
/// <typeparam name="TBlock">What the engine keeps for a block.</typeparam>
public sealed class TranslationCache<TBlock> : IDisposable
    where TBlock : Block, new()
{
    // A block's object, its places in both tables: measured roughly.
    private const int ManagedBytes = 256;

    private readonly Dictionary<ulong, TBlock> _byPc = [];
    private readonly Dictionary<ulong, List<TBlock>> _byPage = [];
    private long _otherBytes;

    // Where the last block was added: the next one is likely to be there, too.
    private ulong _recentPage;
    private List<TBlock>? _recentBlocks;

    /// <summary>Memory of the blocks; engines may add to it what lives as long.</summary>
    public Arena Arena { get; private set; } = new();

    /// <summary>
    /// Bytes in use, dropped blocks included until everything is dropped: their place in the arena is not used again.
    /// </summary>
    public long Bytes => Arena.Bytes + _otherBytes + Charged;

    /// <summary>Bytes that an engine holds elsewhere, see <see cref="Charge"/>.</summary>
    public long Charged { get; private set; }

    /// <summary>Blocks that can be found.</summary>
    public IReadOnlyCollection<TBlock> Blocks => _byPc.Values;

    /// <summary>Counts memory that an engine holds for its blocks elsewhere.</summary>
    public void Charge(long bytes) => Charged += bytes;

    /// <summary>The block that begins at a pc, if it is known.</summary>
    public TBlock? Find(ulong pc) => _byPc.TryGetValue(pc, out var block) ? block : null;

    /// <summary>Keeps what a decoder found.</summary>
    public TBlock Add(BlockDecoder decoder)
    {
        var block = new TBlock();
        block.Fill(decoder, Arena);
        _otherBytes += ManagedBytes;
        _byPc.Add(block.Start, block);
        AddToPages(block, GuestPage.Of(block.Start));
        return block;
    }

    /// <summary>Keeps the longer block that a decoder found at the start of one, as its trace.</summary>
    public void Extend(TBlock block, BlockDecoder decoder)
    {
        var next = GuestPage.Of(block.End - 1) + 1;
        block.Extend(decoder, Arena);
        AddToPages(block, next);
    }

    private void AddToPages(TBlock block, ulong first)
    {
        for (var page = first; page <= GuestPage.Of(block.End - 1); page++)
        {
            if (_recentBlocks == null || page != _recentPage)
            {
                if (!_byPage.TryGetValue(page, out _recentBlocks))
                    _byPage.Add(page, _recentBlocks = []);
                _recentPage = page;
            }
            _recentBlocks.Add(block);
        }
    }

    /// <summary>Forgets the blocks that overlap [start, start + length) and returns them.</summary>
    public List<TBlock> Remove(ulong start, ulong length)
    {
        if (length == 0)
            return [];
        var last = length - 1 > ulong.MaxValue - start ? ulong.MaxValue : start + (length - 1);
        var first = GuestPage.Of(start);
        var final = GuestPage.Of(last);
        var dropped = new HashSet<TBlock>();
        // A whole address space may be invalidated: walk whichever is shorter.
        if (final - first < (ulong)_byPage.Count)
        {
            for (var page = first; page <= final; page++)
                if (_byPage.TryGetValue(page, out var blocks))
                    AddOverlapping(blocks, start, last, dropped);
        }
        else
        {
            foreach (var page in _byPage)
                if (page.Key >= first && page.Key <= final)
                    AddOverlapping(page.Value, start, last, dropped);
        }
        return Remove(dropped);
    }

    /// <summary>Forgets the blocks whose guest bytes have changed and returns them.</summary>
    public List<TBlock> RemoveChanged(IGuestCode code)
    {
        var dropped = new HashSet<TBlock>();
        foreach (var page in _byPage)
        {
            if (!code.MayChange(page.Key * GuestPage.Size))
                continue;
            foreach (var block in page.Value)
                if (!block.IsCurrent(code))
                    dropped.Add(block);
        }
        return Remove(dropped);
    }

    /// <summary>Forgets everything; the caller disposes the arena when no hart can be in it any more.</summary>
    public Arena RemoveAll()
    {
        var arena = Arena;
        Arena = new Arena();
        _otherBytes = Charged = 0;
        _byPc.Clear();
        _byPage.Clear();
        _recentBlocks = null;
        return arena;
    }

    /// <summary>Frees everything.</summary>
    public void Dispose() => RemoveAll().Dispose();

    private static void AddOverlapping(List<TBlock> blocks, ulong start, ulong last, HashSet<TBlock> dropped)
    {
        foreach (var block in blocks)
            if (block.Start <= last && block.End > start)
                dropped.Add(block);
    }

    // Loops, and sets of objects only: code of LINQ over numbers would be compiled at every start, where dynamic linkers map and unmap.
    private List<TBlock> Remove(HashSet<TBlock> dropped)
    {
        var pages = new Dictionary<ulong, List<TBlock>>();
        foreach (var block in dropped)
        {
            _byPc.Remove(block.Start);
            for (var page = GuestPage.Of(block.Start); page <= GuestPage.Of(block.End - 1); page++)
                pages[page] = _byPage[page];
        }
        _recentBlocks = null;
        foreach (var page in pages)
        {
            page.Value.RemoveAll(dropped.Contains);
            if (page.Value.Count == 0)
                _byPage.Remove(page.Key);
        }
        return [.. dropped];
    }
}
