using Dbt.Isa;
using Dbt.Translator.Hypercalls;

namespace Dbt.Translator.Engines;

// Calls of the guest that need not go to the engine's caller. Here they have left translated code; who patches sites hears of each.
public abstract unsafe partial class TranslatingEngine<TBlock>
{
    /// <summary>What becomes of calls; null when all are the caller's.</summary>
    private protected HypercallTable? Hypercalls { get; private set; }

    /// <inheritdoc/>
    public virtual void UseHypercalls(HypercallTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        if (table.Isa != Isa)
            throw new ArgumentException($"The table is for {table.Isa.Name}, the engine for {Isa.Name}.", nameof(table));
        lock (Gate)
        {
            if (_decoder != null)
                throw new InvalidOperationException("The engine has run already.");
            Hypercalls = table;
        }
    }

    /// <summary>A hart has left translated code to make a call, with its state complete.</summary>
    private protected virtual void NoteCall(HartContext context, HypercallCell* cell)
    {
    }

    // The call that the hart stands at. False when it is the caller's.
    private bool TryMakeCall(HartContext context)
    {
        if (Hypercalls is not { } table)
            return false;
        var state = context.State;
        var cell = table.CellOf(state);
        NoteCall(context, cell);
        var current = state->Current;
        int length;
        if (current != null && current->Pc == state->Pc)
            length = current->Instruction.Length;
        else if (Fetch(context, out var instruction) == ExitReason.None)
            length = instruction.Length;
        else
            return false;
        if (!table.TryMake(state, cell))
            return false;
        state->Pc += (ulong)length;
        return true;
    }
}
