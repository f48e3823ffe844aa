using Dbt.Translator.Cache;
using Dbt.Translator.Engines;

namespace Dbt.Translator.Il.Blocks;

/// <summary>What the <see cref="BlockEngine"/> keeps for a hart.</summary>
/// <param name="engine">The engine.</param>
/// <param name="hart">The hart.</param>
internal sealed class BlockContext(IEngine engine, Hart hart) : HartContext(engine, hart)
{
    /// <summary>The jump cache while the interpreter runs: cold blocks only.</summary>
    public JumpCache ColdBlocks { get; } = new();

    /// <summary>Whether the block at the hart's Pc is cold and in <see cref="ColdBlocks"/>.</summary>
    public bool IsCold { get; set; }

    /// <summary>Whether the interpreter got to the hart's Pc at the end of a sample.</summary>
    public bool Sampled { get; set; }

    /// <inheritdoc/>
    public override void Forget()
    {
        base.Forget();
        ColdBlocks.Clear();
        IsCold = false;
    }
}
