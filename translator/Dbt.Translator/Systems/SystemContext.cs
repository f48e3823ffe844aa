using Dbt.Isa;
using Dbt.Isa.Systems;
using Dbt.Translator.Cache;

namespace Dbt.Translator.Systems;

/// <summary>What a system engine keeps for one hart. Touched by the hart's thread only, except where said.</summary>
internal sealed unsafe class SystemContext
{
    private readonly JumpCache?[] _caches;
    private readonly BlockDecoder?[] _decoders = new BlockDecoder?[2];
    private readonly int _maximumBlockLength;

    public SystemContext(object engine, Hart hart, ISystemHart system, int maximumBlockLength)
    {
        Engine = engine;
        Hart = hart;
        System = system;
        Header = hart.Isa.SystemOf(hart.State);
        _caches = new JumpCache[system.ModeCount];
        _maximumBlockLength = maximumBlockLength;
    }

    /// <summary>Whose it is.</summary>
    public object Engine { get; }

    public Hart Hart { get; }

    public ISystemHart System { get; }

    public HartHeader* State => Hart.State;

    public SystemHeader* Header { get; }

    /// <summary>Whether a thread runs it. Under the engine's lock.</summary>
    public bool IsRunning { get; set; }

    /// <summary>The engine's last drop that this hart has taken note of; read by any thread.</summary>
    public long SeenDrop;

    /// <summary>The last watched page that this hart's stores report; read by any thread.</summary>
    public long SeenWatch;

    /// <summary>Translations that the hart entered before, in its present mode.</summary>
    public JumpCache JumpCache { get; private set; } = null!;

    /// <summary>A decoder for the present mode. Under the engine's lock.</summary>
    public BlockDecoder Decoder => _decoders[System.IsReduced ? 1 : 0] ??=
        new BlockDecoder(Hart.Isa, System.Extensions, System, _maximumBlockLength);

    /// <summary>Takes note of the hart's present mode.</summary>
    public void EnterMode()
    {
        JumpCache = _caches[System.Mode] ??= new JumpCache();
        State->JumpCache = JumpCache.Entries;
    }

    /// <summary>Forgets every pointer to a translation.</summary>
    public void Forget()
    {
        foreach (var cache in _caches)
            cache?.Clear();
    }

    /// <summary>Forgets pointers to translations for the pcs of one page.</summary>
    public void ForgetPage(ulong address)
    {
        var page = address & ~(TlbEntry.PageSize - 1);
        foreach (var cache in _caches)
        {
            if (cache == null)
                continue;
            // A page's pcs lie in a row in the table.
            var entry = JumpCacheEntry.Find(cache.Entries, page);
            for (var end = entry + (int)TlbEntry.PageSize / 2; entry < end; entry++)
                if ((entry->Pc & ~(TlbEntry.PageSize - 1)) == page)
                    entry->Pc = JumpCacheEntry.Empty;
        }
    }
}
