using Dbt.Translator.Cache;

namespace Dbt.Translator.Engines;

/// <summary>What a <see cref="TieredEngine{TBlock}"/> keeps for a hart: the compiled blocks that it knows, and the cold ones.</summary>
internal sealed class TieredContext(IEngine engine, Hart hart) : HartContext(engine, hart)
{
    /// <summary>The jump cache while the interpreter runs: cold blocks only, so that it leaves where compiled code goes on.</summary>
    public JumpCache ColdBlocks { get; } = new();

    /// <inheritdoc/>
    public override void Forget()
    {
        base.Forget();
        ColdBlocks.Clear();
    }
}
