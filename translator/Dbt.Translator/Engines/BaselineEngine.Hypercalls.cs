using Dbt.Translator.Hypercalls;

namespace Dbt.Translator.Engines;

// Calls of the guest that compiled code makes itself.
public sealed unsafe partial class BaselineEngine
{
    private HypercallPatcher? _calls;

    /// <inheritdoc/>
    public override void UseHypercalls(HypercallTable table)
    {
        base.UseHypercalls(table);
        _calls = new HypercallPatcher(table, Gate, _regions, _mapping, Options.CountsHypercalls);
        table.Attach(_calls);
    }

    /// <inheritdoc/>
    private protected override void NoteCall(HartContext context, HypercallCell* cell) => _calls!.Note(context.State, cell);
}
