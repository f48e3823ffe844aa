using Dbt.Isa;
using Dbt.Translator.Cache;

namespace Dbt.Translator.Engines;

/// <summary>Interprets predecoded blocks: the portable engine, and the oracle for the others.</summary>
/// <param name="isa">The guest's instruction set; every hart must have it.</param>
/// <param name="options">Settings; the defaults when null.</param>
public sealed unsafe class InterpreterEngine(GuestIsa isa, EngineOptions? options = null)
    : TranslatingEngine<Block>(isa, options ?? EngineOptions.Default)
{
    /// <inheritdoc/>
    public override string Name => "interpreter";

    /// <inheritdoc/>
    protected override void Execute(HartContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        context.IsInterpreting = true;
        Isa.Interpret(context.State);
    }

    /// <inheritdoc/>
    protected override void Link(HartContext context, Block block, bool current)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(block);
        context.JumpCache.Add(block.Start, block.Code);
    }
}
