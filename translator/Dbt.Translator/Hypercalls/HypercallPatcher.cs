using Dbt.Isa;
using Dbt.Translator.Baseline;
using Dbt.Translator.HostCode;

namespace Dbt.Translator.Hypercalls;

/// <summary>
/// The hypercall sites of an engine: counted where they leave, patched when they are hot, undone and redone when a handler is replaced.
/// </summary>
/// <param name="table">What becomes of calls.</param>
/// <param name="gate">The engine's lock.</param>
/// <param name="regions">The engine's code, with what was dropped and may still be executed. Under the lock.</param>
/// <param name="mapping">How memory for code is mapped.</param>
/// <param name="counts">Whether calls that do not leave are counted.</param>
internal sealed unsafe class HypercallPatcher(HypercallTable table, Lock gate, List<CodeRegion> regions, CodeMapping mapping, bool counts)
    : IHypercallCode, IDisposable
{
    // Times that a site leaves before it is patched.
    private const int HotCalls = 8;

    private X64HypercallHandlers? _handlers;

    /// <summary>How compilers make sites.</summary>
    public HypercallSettings Settings { get; } = new(table, counts);

    /// <inheritdoc/>
    public void Replace(HypercallCell* cell, HypercallRecord* action)
    {
        lock (gate)
        {
            var undone = false;
            foreach (var region in regions)
                undone |= region.HypercallSites.Undo(cell);
            if (undone)
                HostMemory.SynchronizeCode();
            if (_handlers != null)
                Prepare(action);
            // From here on the call is another one, for all harts at once.
            Volatile.Write(ref *(nint*)&cell->Action, (nint)action);
            foreach (var region in regions)
                region.HypercallSites.Redo(cell);
        }
    }

    /// <inheritdoc/>
    public int[] CountSites()
    {
        var sites = new int[3];
        lock (gate)
            if (regions.Count > 0)
                regions[^1].HypercallSites.Count(sites);
        return sites;
    }

    /// <summary>A hart has left at a site, if at any, to make a call. Its translations are not freed before its next safe point.</summary>
    public void Note(HartHeader* state, HypercallCell* cell)
    {
        var site = (HypercallSite*)state->LeftAtCall;
        state->LeftAtCall = null;
        if (site == null || ++site->Exits < HotCalls)
            return;
        site->Exits = 0;
        lock (gate)
        {
            if (cell->Action == table.TrapRecord)
                return;
            var region = regions.Find(region => region.Contains((ulong)site->Slot))!;
            if (_handlers == null)
            {
                _handlers = new X64HypercallHandlers(region.Map, table.Convention, mapping);
                Prepare(table.TrapRecord);
            }
            Prepare(cell->Action);
            region.HypercallSites.Heat(site, cell);
        }
    }

    /// <summary>Nobody may be executing code of the engine.</summary>
    public void Dispose()
    {
        table.Detach(this);
        _handlers?.Dispose();
        _handlers = null;
    }

    // Handlers have code when a site calls them first.
    private void Prepare(HypercallRecord* action)
    {
        if (action->Code != null)
            return;
        var meaning = table.ActionOf(action);
        action->Code = _handlers!.Make(meaning);
        // An instruction alone is not counted.
        action->Slot = counts ? 0 : HypercallSlot.For(meaning, _handlers.Map);
    }
}
