using Dbt.Translator.Cache;
using Dbt.Translator.Engines;

namespace Dbt.Translator.Il.Blocks;

/// <summary>What the <see cref="BlockEngine"/> keeps for a hart.</summary>
/// <param name="engine">The engine.</param>
/// <param name="hart">The hart.</param>
internal sealed class BlockContext(IEngine engine, Hart hart) : HartContext(engine, hart)
{
    /// <summary>The interpreter's jump cache: cold blocks.</summary>
    public JumpCache Interpreted { get; } = new();

    /// <summary>Whether the block at the hart's Pc is cold and in <see cref="Interpreted"/>.</summary>
    public bool IsCold { get; set; }

    /// <summary>Whether the interpreter got to the hart's Pc at the end of a sample.</summary>
    public bool Sampled { get; set; }

    /// <inheritdoc/>
    public override void Forget()
    {
        base.Forget();
        Interpreted.Clear();
        IsCold = false;
    }
}
