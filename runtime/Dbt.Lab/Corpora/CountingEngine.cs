using Dbt.Isa;
using Dbt.Translator.Cache;
using Dbt.Translator.Engines;

namespace Dbt.Lab.Corpora;

/// <summary>Interprets, and knows afterwards how often each block was executed: the count by which other engines find hot blocks never ends here.</summary>
/// <param name="isa">The guest.</param>
internal sealed unsafe class CountingEngine(GuestIsa isa) : TieredEngine<Block>(isa, EngineOptions.Default with { CompileThreshold = Never }, Never)
{
    private const int Never = int.MaxValue;

    private readonly HashSet<Block> _blocks = [];

    /// <inheritdoc/>
    public override string Name => "counting";

    /// <summary>The blocks that were executed. Before the engine is disposed.</summary>
    public IReadOnlyList<CapturedBlock> Counts =>
        [.. _blocks.Select(block => new CapturedBlock(block.Start, block.InstructionCount, Never - (long)block.Head->Countdown)).Where(block => block.Count > 0).OrderBy(block => block.Start)];

    /// <inheritdoc/>
    protected override void* EntryOf(Block block)
    {
        _blocks.Add(block);
        return null;
    }

    /// <inheritdoc/>
    protected override bool TryCompile(HartContext context, Block block) => false;

    /// <inheritdoc/>
    protected override void Resolve(void* link, Block block)
    {
    }

    /// <inheritdoc/>
    protected override void Enter(HartContext context, void* entry) => throw new InvalidOperationException("Nothing is compiled.");
}
