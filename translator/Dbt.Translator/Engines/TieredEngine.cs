using System.Diagnostics;
using Dbt.Isa;
using Dbt.Translator.Cache;

namespace Dbt.Translator.Engines;

/// <summary>
/// Interprets blocks until they have proved hot, then compiles them. The interpreter goes from cold block to cold block and counts down in
/// each one's <see cref="BlockHead"/>; it leaves where a count ends and where a compiled block is next. Compiled code leaves where a cold
/// block is next. Neither way takes a lock. See translator/notes/0001-interpreter-and-block-engine.md.
/// </summary>
/// <typeparam name="TBlock">What the engine keeps for a block.</typeparam>
public abstract unsafe partial class TieredEngine<TBlock> : TranslatingEngine<TBlock>
    where TBlock : Block, new()
{
    private readonly int _countdown;
    private long _blocks;
    private long _blockInstructions;
    private long _compileTicks;

    /// <summary>An engine with an empty cache.</summary>
    /// <param name="isa">The guest's instruction set; every hart must have it.</param>
    /// <param name="options">Settings.</param>
    /// <param name="threshold">How often a block is interpreted when <see cref="EngineOptions.CompileThreshold"/> does not say.</param>
    protected TieredEngine(GuestIsa isa, EngineOptions options, int threshold)
        : base(isa, options)
    {
        var executions = Options.CompileThreshold ?? threshold;
        // The interpreter leaves in front of the block when its count is 0, so one more than its executions.
        _countdown = executions == 0 ? 0 : (int)Math.Min(int.MaxValue, executions + 1L);
    }

    /// <inheritdoc/>
    protected sealed override HartContext CreateContext(Hart hart) => new TieredContext(this, hart);

    /// <summary>Where a block's code is entered; null while it is not compiled.</summary>
    protected abstract void* EntryOf(TBlock block);

    /// <summary>Compiles a block; false when that cannot be done. Under <see cref="TranslatingEngine{TBlock}.Gate"/>.</summary>
    /// <param name="context">The hart that wants it.</param>
    /// <param name="block">The block.</param>
    protected abstract bool TryCompile(HartContext context, TBlock block);

    /// <summary>Lets a link (<see cref="HartHeader.LeftThrough"/>) lead to a compiled block. Under <see cref="TranslatingEngine{TBlock}.Gate"/>.</summary>
    protected abstract void Resolve(void* link, TBlock block);

    /// <summary>Runs compiled code from an entry on until it leaves; see <see cref="TranslatingEngine{TBlock}.Execute"/>.</summary>
    protected abstract void Enter(HartContext context, void* entry);

    /// <inheritdoc/>
    protected sealed override void Execute(HartContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.UpperEntries is { } upper && upper.TryFind(context.State->Pc, out var entry))
        {
            ExecuteAbove(context, entry);
            return;
        }
        if (!context.JumpCache.TryFind(context.State->Pc, out entry))
        {
            Interpret((TieredContext)context);
            return;
        }
        EnterCompiled(context, entry);
    }

    private void EnterCompiled(HartContext context, void* entry)
    {
        context.IsInterpreting = false;
        context.State->LeftThrough = null;
        Enter(context, entry);
    }

    /// <summary>Interprets the compiled block at the hart's Pc, and cold ones that follow: its code is not for the hart's state now.</summary>
    protected void InterpretCompiled(HartContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var tiered = (TieredContext)context;
        var pc = context.State->Pc;
        lock (Gate)
        {
            if (Cache.Find(pc) is not { } block)
            {
                context.State->Exit = ExitReason.TranslationMiss;
                return;
            }
            block.Head->Countdown = int.MaxValue;
            tiered.ColdBlocks.Add(pc, block.Code);
        }
        try
        {
            Interpret(tiered);
        }
        finally
        {
            tiered.ColdBlocks.Remove(pc);
        }
    }

    /// <inheritdoc/>
    private protected sealed override bool IsKnown(HartContext context)
    {
        if (context.UpperEntries is { } upper && upper.TryFind(context.State->Pc, out _))
            return true;
        // A cold block whose count has ended is to be compiled.
        return ((TieredContext)context).ColdBlocks.TryFind(context.State->Pc, out var head)
            ? ((BlockHead*)head)->Countdown > 0
            : base.IsKnown(context);
    }

    /// <inheritdoc/>
    private protected sealed override void Introduce(TBlock block) => block.Head->Countdown = _countdown;

    /// <inheritdoc/>
    protected sealed override void Link(HartContext context, TBlock block, bool current)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(block);
        var cold = ((TieredContext)context).ColdBlocks;
        var link = context.State->LeftThrough;
        context.State->LeftThrough = null;
        if (Upper is { } upper && upper.Owns(context, block.Start))
        {
            upper.Introduce(context, block.Start);
            return;
        }
        var head = block.Head;
        if (EntryOf(block) == null && head->Countdown <= 0)
            Compile(context, block);
        var entry = EntryOf(block);
        if (entry == null)
        {
            cold.Add(block.Start, block.Code);
            return;
        }
        // Another hart that still interprets the block comes back at its next turn.
        head->Countdown = 1;
        cold.Remove(block.Start);
        context.JumpCache.Add(block.Start, entry);
        if (current && link != null)
            Resolve(link, block);
    }

    /// <inheritdoc/>
    private protected sealed override TierStatistics? DescribeCompiled(TierCounters counters) => counters.Describe(Name) with
    {
        Blocks = _blocks,
        BlockInstructions = _blockInstructions,
        Bytes = Cache.Charged,
        TranslationTime = Stopwatch.GetElapsedTime(0, _compileTicks),
    };

    private void Compile(HartContext context, TBlock block)
    {
        var started = Now();
        if (!TryCompile(context, block))
        {
            block.Head->Countdown = int.MaxValue;
            return;
        }
        _blocks++;
        _blockInstructions += block.TraceLength;
        _compileTicks += Now() - started;
        Upper?.Start(context);
    }

    // From the hart's Pc on, as long as blocks are cold.
    private void Interpret(TieredContext context)
    {
        var state = context.State;
        context.IsInterpreting = true;
        state->LeftThrough = null;
        state->JumpCache = context.ColdBlocks.Entries;
        try
        {
            Isa.Interpret(state);
        }
        finally
        {
            state->JumpCache = context.JumpCache.Entries;
        }
    }
}
