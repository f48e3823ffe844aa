using Dbt.Translator.Cache;

namespace Dbt.Translator.Systems;

/// <summary>
/// Blocks by virtual and physical address, and by physical page. A dropped block's memory stays until everything is dropped. Not
/// thread-safe: its engine locks it.
/// </summary>
internal sealed class SystemCache : IDisposable
{
    // A block's object, its places in both tables: measured roughly.
    private const int ManagedBytes = 256;

    private readonly Dictionary<(ulong Pc, ulong Place), SystemBlock> _blocks = [];
    private readonly Dictionary<ulong, List<SystemBlock>> _pages = [];
    private long _managedBytes;

    /// <summary>Bytes in use, dropped blocks included.</summary>
    public long Bytes => Arena.Bytes + _managedBytes + Charged;

    /// <summary>Bytes of them that are a compiler's own memory.</summary>
    public long Charged { get; private set; }

    /// <summary>Memory for what lives as long as the blocks.</summary>
    public Arena Arena { get; private set; } = new();

    /// <summary>The block for a pc that leads to a physical address.</summary>
    public SystemBlock? Find(ulong pc, ulong physical, bool reduced) => _blocks.GetValueOrDefault((pc, Place(physical, reduced)));

    /// <summary>Whether a physical page has blocks.</summary>
    public bool HasPage(ulong physical) => _pages.ContainsKey(GuestPage.Of(physical));

    /// <summary>Keeps what a decoder found.</summary>
    public SystemBlock Add(BlockDecoder decoder, ulong physical, ulong tail, bool reduced)
    {
        var block = new SystemBlock { Physical = physical, Tail = tail, IsReduced = reduced };
        block.Fill(decoder, Arena);
        _managedBytes += ManagedBytes;
        _blocks.Add((block.Start, Place(physical, reduced)), block);
        AddToPage(block, physical);
        if (tail != 0)
            AddToPage(block, tail);
        return block;
    }

    /// <summary>Keeps the longer block that a decoder found in place of a block's own: its trace.</summary>
    public void Extend(SystemBlock block, BlockDecoder decoder) => block.Extend(decoder, Arena);

    /// <summary>Takes note of a compiler's memory.</summary>
    public void Charge(long bytes) => Charged += bytes;

    /// <summary>Forgets one block.</summary>
    public void Remove(SystemBlock block)
    {
        _blocks.Remove((block.Start, Place(block.Physical, block.IsReduced)));
        RemoveFromPage(block, block.Physical);
        if (block.Tail != 0)
            RemoveFromPage(block, block.Tail);
    }

    /// <summary>The blocks with bytes in a physical page.</summary>
    public IReadOnlyList<SystemBlock> BlocksIn(ulong physical) => _pages.TryGetValue(GuestPage.Of(physical), out var blocks) ? blocks : [];

    /// <summary>Forgets everything; the caller disposes the memory when no hart can be in it any more.</summary>
    public Arena RemoveAll()
    {
        var arena = Arena;
        Arena = new Arena();
        _managedBytes = Charged = 0;
        _blocks.Clear();
        _pages.Clear();
        return arena;
    }

    public void Dispose() => RemoveAll().Dispose();

    // Instructions have even addresses.
    private static ulong Place(ulong physical, bool reduced) => physical | (reduced ? 1UL : 0);

    private void AddToPage(SystemBlock block, ulong physical)
    {
        var page = GuestPage.Of(physical);
        if (!_pages.TryGetValue(page, out var blocks))
            _pages.Add(page, blocks = []);
        blocks.Add(block);
    }

    private void RemoveFromPage(SystemBlock block, ulong physical)
    {
        var page = GuestPage.Of(physical);
        if (!_pages.TryGetValue(page, out var blocks))
            return;
        blocks.Remove(block);
        if (blocks.Count == 0)
            _pages.Remove(page);
    }
}
