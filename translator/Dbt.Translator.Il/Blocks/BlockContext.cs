using Dbt.Translator.Cache;
using Dbt.Translator.Engines;

namespace Dbt.Translator.Il.Blocks;

/// <summary>What the <see cref="BlockEngine"/> keeps for a hart.</summary>
/// <param name="engine">The engine.</param>
/// <param name="hart">The hart.</param>
internal sealed class BlockContext(IEngine engine, Hart hart) : HartContext(engine, hart)
{
    /// <summary>The interpreter's jump cache: empty but for the block that is being interpreted.</summary>
    public JumpCache Interpreted { get; } = new();

    /// <summary>The block at the hart's Pc, when it is to be interpreted next.</summary>
    public CompiledBlock? Cold { get; set; }

    /// <inheritdoc/>
    public override void Forget()
    {
        base.Forget();
        Cold = null;
    }
}
