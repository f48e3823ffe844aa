using Dbt.Isa;
using Dbt.Isa.Systems;
using Dbt.Translator.Cache;
using Dbt.Translator.Engines;

namespace Dbt.Translator.Systems;

/// <summary>What a system engine keeps for one hart. Touched by the hart's thread only, except where said.</summary>
internal sealed unsafe class SystemContext
{
    private readonly (JumpCache Compiled, JumpCache Cold)?[] _caches;
    private readonly BlockDecoder?[] _decoders = new BlockDecoder?[2];
    private readonly BlockDecoder?[] _traces = new BlockDecoder?[2];
    private readonly int _maximumBlockLength;

    public SystemContext(object engine, Hart hart, ISystemHart system, int maximumBlockLength)
    {
        Engine = engine;
        Hart = hart;
        System = system;
        Header = hart.Isa.SystemOf(hart.State);
        _caches = new (JumpCache, JumpCache)?[system.ModeCount];
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

    /// <summary>Compiled code that the hart entered before, in its present mode.</summary>
    public JumpCache Compiled { get; private set; } = null!;

    /// <summary>Blocks that it interpreted before: cold ones only, so that the interpreter leaves where compiled code goes on.</summary>
    public JumpCache ColdBlocks { get; private set; } = null!;

    /// <summary>Whether the compiled code that the hart knows counts instructions.</summary>
    public bool Counts { get; set; }

    /// <summary>What the interpreter did for the hart that its engine has not counted yet.</summary>
    public TierCounters Interpreted { get; } = new();

    /// <summary>The same of compiled code.</summary>
    public TierCounters Executed { get; } = new();

    /// <summary>The mode whose jump caches are the present ones.</summary>
    public int Mode { get; private set; }

    /// <summary>What the hart changed while compiled code ran, and the engine has not heard of yet.</summary>
    public SystemChange Change { get; set; }

    /// <summary>Instructions that compiled code had interpreted since it was entered.</summary>
    public int HandedOver { get; set; }

    /// <summary>A decoder for the present mode. Under the engine's lock.</summary>
    public BlockDecoder Decoder => _decoders[System.IsReduced ? 1 : 0] ??= CreateDecoder(0);

    /// <summary>One that goes on behind conditional jumps, for compilers.</summary>
    public BlockDecoder TraceDecoder => _traces[System.IsReduced ? 1 : 0] ??= CreateDecoder(BaselineEngine.BranchesInTrace);

    /// <summary>Takes note of the hart's present mode.</summary>
    public void EnterMode()
    {
        Mode = System.Mode;
        (Compiled, ColdBlocks) = _caches[Mode] ??= (new JumpCache(JumpCache.SystemCount), new JumpCache());
        // Whatever a hart left through is of another mode, maybe, or of other pages.
        State->LeftThrough = null;
    }

    /// <summary>Forgets every pointer to a translation.</summary>
    public void Forget()
    {
        foreach (var caches in _caches)
        {
            caches?.Compiled.Clear();
            caches?.Cold.Clear();
        }
    }

    /// <summary>Forgets pointers to translations for the pcs of one page.</summary>
    public void ForgetPage(ulong address)
    {
        var page = address & ~(TlbEntry.PageSize - 1);
        foreach (var caches in _caches)
        {
            caches?.Compiled.RemovePage(page);
            caches?.Cold.RemovePage(page);
        }
    }

    /// <summary>Forgets pointers to translations for one pc.</summary>
    public void ForgetBlock(ulong pc)
    {
        foreach (var caches in _caches)
        {
            caches?.Compiled.Remove(pc);
            caches?.Cold.Remove(pc);
        }
    }

    private BlockDecoder CreateDecoder(int branches) =>
        new(Hart.Isa, System.Extensions, System, _maximumBlockLength, branches, staysInPage: true);
}
