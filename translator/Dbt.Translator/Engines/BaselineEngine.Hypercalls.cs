using Dbt.Translator.Hypercalls;

namespace Dbt.Translator.Engines;

// Sites in compiled code: counted where they leave, patched when they are hot, undone and redone when a handler is replaced.
public sealed unsafe partial class BaselineEngine : IHypercallCode
{
    // Times that a site leaves before it is patched.
    private const int HotCalls = 8;

    private X64HypercallHandlers? _handlers;

    /// <inheritdoc/>
    public override void UseHypercalls(HypercallTable table)
    {
        base.UseHypercalls(table);
        table.Attach(this);
    }

    void IHypercallCode.Replace(HypercallCell* cell, HypercallRecord* action)
    {
        lock (Gate)
        {
            var undone = false;
            foreach (var region in _regions)
                undone |= region.HypercallSites.Undo(cell);
            if (undone)
                HostCode.HostMemory.SynchronizeCode();
            if (_handlers != null)
                Prepare(action);
            // From here on the call is another one, for all harts at once.
            Volatile.Write(ref *(nint*)&cell->Action, (nint)action);
            foreach (var region in _regions)
                region.HypercallSites.Redo(cell);
        }
    }

    int[] IHypercallCode.CountSites()
    {
        var counts = new int[3];
        lock (Gate)
            _region?.HypercallSites.Count(counts);
        return counts;
    }

    /// <inheritdoc/>
    private protected override void NoteCall(HartContext context, HypercallCell* cell)
    {
        var state = context.State;
        var site = (HypercallSite*)state->LeftAtCall;
        state->LeftAtCall = null;
        if (site == null || ++site->Exits < HotCalls)
            return;
        site->Exits = 0;
        lock (Gate)
        {
            if (cell->Action == Hypercalls!.TrapRecord)
                return;
            var region = _regions.Find(region => region.Contains((ulong)site->Slot))!;
            if (_handlers == null)
            {
                _handlers = new X64HypercallHandlers(region.Map, Hypercalls.Convention, _mapping);
                Prepare(Hypercalls.TrapRecord);
            }
            Prepare(cell->Action);
            region.HypercallSites.Heat(site, cell);
        }
    }

    private HypercallSettings? CallSettings() => Hypercalls == null ? null : new HypercallSettings(Hypercalls, Options.CountsHypercalls);

    // Handlers have code when a site calls them first.
    private void Prepare(HypercallRecord* action)
    {
        if (action->Code != null)
            return;
        var meaning = Hypercalls!.ActionOf(action);
        action->Code = _handlers!.Make(meaning);
        // An instruction alone is not counted.
        action->Slot = Options.CountsHypercalls ? 0 : HypercallSlot.For(meaning, _handlers.Map);
    }

    private void DisposeHandlers()
    {
        Hypercalls?.Detach(this);
        _handlers?.Dispose();
        _handlers = null;
    }
}
