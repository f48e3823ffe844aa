using Dbt.Translator.HostCode;

namespace Dbt.Translator.Hypercalls;

/// <summary>
/// The hypercall sites of a code region, and how they are patched. A site is one instruction of eight aligned bytes that is replaced as a whole: a
/// jump to where it leaves or looks, the handler itself, or one that does nothing and goes on into the steps behind it. Nobody is ever
/// between its bytes. Whoever executes an older jump for a while leaves or looks, which is always right; only a site that has a handler
/// inlined must be seen to be gone (<see cref="HostMemory.SynchronizeCode"/>) before the handler is replaced. The region's engine locks it.
/// </summary>
internal sealed unsafe class HypercallSites(ExecutableMemory memory)
{
    /// <summary>Length of the instruction that is patched.</summary>
    public const int SlotBytes = 8;

    private readonly List<nint> _sites = [];

    /// <summary>All of them, as pointers to <see cref="HypercallSite"/>.</summary>
    public IReadOnlyList<nint> Sites => _sites;

    /// <summary>A site was compiled, which leaves. Nobody executes it yet.</summary>
    public void Add(HypercallSite* site)
    {
        site->State = HypercallSiteState.Exit;
        *(ulong*)(site->Slot - memory.ExecuteDelta) = HypercallSlot.Jump(site->Slot, site->Exit);
        _sites.Add((nint)site);
    }

    /// <summary>No site of the call has its handler inlined any more. Gives whether one had.</summary>
    public bool Undo(HypercallCell* cell)
    {
        var undone = false;
        foreach (HypercallSite* site in _sites)
        {
            if (site->State != HypercallSiteState.Inlined || site->Entry0 != cell)
                continue;
            Look(site);
            undone = true;
        }
        return undone;
    }

    /// <summary>Sites of the call that are patched have its present handler inlined where that can be.</summary>
    public void Redo(HypercallCell* cell)
    {
        foreach (HypercallSite* site in _sites)
            if (site->State == HypercallSiteState.Cached && site->IsProvable && site->Entry0 == cell)
                TryInline(site, cell->Action);
    }

    /// <summary>The site is hot, and makes a call whose handler has code.</summary>
    public void Heat(HypercallSite* site, HypercallCell* cell)
    {
        if (site->IsProvable)
        {
            if (site->Entry0 == cell && !TryInline(site, cell->Action))
                Look(site);
            return;
        }
        var entries = &site->Entry0;
        for (var i = 0; i < HypercallSite.EntryCount; i++)
            if (entries[i] == cell)
                return;
        Volatile.Write(ref *(nint*)&entries[site->NextEntry], (nint)cell);
        site->NextEntry = (site->NextEntry + 1) % HypercallSite.EntryCount;
        Look(site);
    }

    /// <summary>Adds the number of sites by state.</summary>
    public void Count(int[] counts)
    {
        foreach (HypercallSite* site in _sites)
            counts[(int)site->State]++;
    }

    // What lies behind a slot cannot be changed, so a site with steps of one handler has none of another one's.
    private bool TryInline(HypercallSite* site, HypercallRecord* action)
    {
        var slot = site->Body == null ? action->Slot : site->Body == action ? HypercallSlot.Nop : 0;
        if (slot == 0 || !HostMemory.CanSynchronizeCode)
            return false;
        Patch(site, HypercallSiteState.Inlined, slot);
        return true;
    }

    private void Look(HypercallSite* site) => Patch(site, HypercallSiteState.Cached, HypercallSlot.Jump(site->Slot, site->Lookup));

    private void Patch(HypercallSite* site, HypercallSiteState state, ulong slot)
    {
        site->State = state;
        memory.PatchAligned8(site->Slot - memory.ExecuteDelta, slot);
    }
}
