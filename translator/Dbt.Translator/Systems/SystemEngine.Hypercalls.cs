using Dbt.Translator.Hypercalls;

namespace Dbt.Translator.Systems;

// Calls of a mode that has a hypervisor below it, which need not go through the hart. Here they have left translated code.
public abstract unsafe partial class SystemEngine
{
    private HypercallTable? _hypercalls;

    /// <summary>
    /// From now on calls that a table has handlers for are made by the engine, while <see cref="Isa.Systems.SystemHeader.MayCall"/> says so. No hart may be
    /// running. The table is there while harts run.
    /// </summary>
    /// <inheritdoc/>
    public virtual void UseHypercalls(HypercallTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        if (table.Isa != Isa)
            throw new ArgumentException($"The table is for {table.Isa.Name}, the engine for {Isa.Name}.", nameof(table));
        lock (Gate)
        {
            // What was compiled for another table, or for none.
            Evict();
            FreeDropped();
            _hypercalls = table;
        }
    }

    /// <summary>A hart has left translated code to make a call, with its state complete.</summary>
    private protected virtual void NoteCall(SystemContext context, HypercallCell* cell)
    {
    }

    // The call that the hart stands at. False when it is the hart's.
    private bool TryMakeCall(SystemContext context)
    {
        var state = context.State;
        var site = (HypercallSite*)state->LeftAtCall;
        var instruction = site != null ? site->Instruction : state->Current;
        if (_hypercalls is not { } table || context.Header->MayCall == 0 || instruction == null)
        {
            state->LeftAtCall = null;
            return false;
        }
        var cell = table.CellOf(state);
        NoteCall(context, cell);
        if (!table.TryMake(state, cell))
            return false;
        state->Pc += instruction->Instruction.Length;
        return true;
    }
}
