using Dbt.Isa;

namespace Dbt.Translator.Engines;

// What the tier above needs.
public abstract unsafe partial class TieredEngine<TBlock> : ITierHost
{
    Lock ITierHost.Gate => Gate;

    IGuestCode ITierHost.Code => GuestCode!;

    ExtensionSet ITierHost.Extensions => GuestExtensions;

    bool ITierHost.Publish(IReadOnlyList<ulong> entries)
    {
        var blocks = new List<TBlock>();
        foreach (var pc in entries)
        {
            if (FindOrDecode(pc) is not { } block)
                return false;
            blocks.Add(block);
        }
        foreach (var block in blocks)
            Bypass(block);
        CountDrop();
        return true;
    }

    bool ITierHost.Counts => Counts;

    void ITierHost.DisposeLater(IDisposable memory) => DisposeLater(memory);

    void ITierHost.CountDrop() => CountDrop();

    /// <summary>Lets no link lead to a block any more: execution is to come to the engine's loop instead. Under <see cref="TranslatingEngine{TBlock}.Gate"/>.</summary>
    private protected virtual void Bypass(TBlock block)
    {
    }

    // From the hart's Pc on in the tier above; where that does not want to run now, in this one.
    private void ExecuteAbove(HartContext context, void* entry)
    {
        var state = context.State;
        context.IsAbove = true;
        state->LeftThrough = null;
        var started = Now();
        Upper!.Enter(context, entry);
        if (state->Exit != ExitReason.None)
            return;
        context.IsAbove = false;
        context.Above.Count(ExitReason.None, started);
        context.Above.Instructions += context.CountedBudget - state->Budget;
        context.CountedBudget = state->Budget;
        void* below;
        lock (Gate)
        {
            // Something was dropped meanwhile: the next safe point tells.
            if (Cache.Find(state->Pc) is not { } block)
            {
                state->Exit = ExitReason.TranslationMiss;
                return;
            }
            if (EntryOf(block) == null)
                Compile(context, block);
            below = EntryOf(block);
        }
        if (below == null)
            InterpretCompiled(context);
        else
            EnterCompiled(context, below);
    }
}
