using System.Diagnostics;
using Dbt.Isa;
using Dbt.Isa.Systems;
using Dbt.Translator.Engines;

namespace Dbt.Translator.Systems;

/// <summary>Runs harts in system mode: blocks of physical pages, entered through the hart's translation of its pc, interpreted until a compiler takes them.</summary>
/// <remarks>
/// Several harts share it, each on a thread of its own. Blocks are looked up, made and dropped under one lock. A hart's pointers to blocks
/// are in its jump caches, two for each mode; it empties them at its next safe point (whenever it leaves the interpreter's loop or compiled code) after
/// something was dropped. Stores into pages with blocks are reported (<see cref="Invalidate"/>), so that an instruction fence has nothing
/// to look for but pages that another hart may have stored to unreported.
/// </remarks>
public abstract unsafe partial class SystemEngine : IEngine
{
    // At most some milliseconds between two looks at the clock.
    private const long Slice = 50_000;

    private readonly List<SystemContext> _contexts = [];
    private readonly TierCounters _interpreted = new();
    private readonly TierCounters _compiled = new();
    private readonly OperationCounters _handedOver = new();
    private volatile bool _mustCount;
    private long _instructions;
    private long _lookups;
    private long _translatedBlocks;
    private long _translatedInstructions;
    private long _decodeTicks;
    private long _evictions;
    private long _invalidations;

    /// <summary>An engine with an empty cache.</summary>
    /// <param name="isa">The guest's instruction set; every hart must have it.</param>
    /// <param name="options">Settings; the defaults when null.</param>
    private protected SystemEngine(GuestIsa isa, EngineOptions? options)
    {
        ArgumentNullException.ThrowIfNull(isa);
        Isa = isa;
        Options = options ?? EngineOptions.Default;
    }

    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <summary>Guards the cache and whatever hangs on its blocks.</summary>
    private protected Lock Gate { get; } = new();

    /// <summary>The blocks.</summary>
    private protected SystemCache Cache { get; } = new();

    /// <summary>The guest's instruction set.</summary>
    private protected GuestIsa Isa { get; }

    /// <summary>Settings.</summary>
    private protected EngineOptions Options { get; }

    /// <summary>Whether compiled code must count what it executes.</summary>
    private protected bool Counts => _mustCount || Options.CountsInstructions;

    /// <summary>How often a block is interpreted before <see cref="TryCompile"/> is asked; 0 at once.</summary>
    private protected virtual int Threshold => int.MaxValue;

    /// <inheritdoc/>
    public EngineStatistics Statistics
    {
        get
        {
            lock (Gate)
            {
                var interpreter = _interpreted.Describe("interpreter") with { Blocks = _translatedBlocks, BlockInstructions = _translatedInstructions, Bytes = Cache.Bytes - Cache.Charged };
                var compiled = Describe(_compiled);
                var handedOver = _handedOver.Describe(Isa);
                return new EngineStatistics
                {
                    Instructions = Interlocked.Read(ref _instructions),
                    InterpretedInstructions = interpreter.Instructions + handedOver.Sum(operation => operation.Value),
                    TranslatedBlocks = _translatedBlocks,
                    TranslatedInstructions = _translatedInstructions,
                    TranslationTime = Stopwatch.GetElapsedTime(0, _decodeTicks) + (compiled?.TranslationTime ?? default),
                    Lookups = _lookups,
                    Evictions = _evictions,
                    Invalidations = _invalidations,
                    Tiers = compiled == null ? [interpreter] : [interpreter, compiled],
                    HandedOver = handedOver,
                };
            }
        }
    }

    /// <summary>
    /// Runs a hart whose <see cref="Hart.Code"/> is an <see cref="ISystemHart"/>. Exceptions that it takes do not come here. Budget may be
    /// returned with less than a block of it left.
    /// </summary>
    /// <inheritdoc/>
    public ExitReason Run(Hart hart, long budget)
    {
        ArgumentNullException.ThrowIfNull(hart);
        var context = Enter(hart);
        try
        {
            return Run(context, budget);
        }
        finally
        {
            Leave(context);
        }
    }

    /// <summary>Nothing changes: harts in system mode always share.</summary>
    /// <inheritdoc/>
    public void ShareMemory()
    {
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees every translation. No hart may be running.</summary>
    protected virtual void Dispose(bool disposing)
    {
        lock (Gate)
        {
            while (_dropped.TryDequeue(out var old))
                old.Memory.Dispose();
            Cache.Dispose();
        }
    }

    /// <summary>Compiles a block, unless it is already; false when that cannot be done. Under <see cref="Gate"/>.</summary>
    private protected virtual bool TryCompile(SystemContext context, SystemBlock block) => false;

    /// <summary>Lets a link (<see cref="HartHeader.LeftThrough"/>) lead to a compiled block. Under <see cref="Gate"/>.</summary>
    private protected virtual void Resolve(void* link, SystemBlock block)
    {
    }

    /// <summary>Runs compiled code from an entry until it leaves: with None where the instruction at Current is the interpreter's.</summary>
    private protected virtual void Execute(HartHeader* state, void* entry)
    {
    }

    /// <summary>Called before a block is dropped: nothing may lead to it any more. Under <see cref="Gate"/>.</summary>
    private protected virtual void Unlink(SystemBlock block)
    {
    }

    /// <summary>Called before all blocks are dropped; see <see cref="DisposeLater"/>. Under <see cref="Gate"/>.</summary>
    private protected virtual void UnlinkAll()
    {
    }

    /// <summary>The counters of compiled code; null for an engine without.</summary>
    private protected virtual TierStatistics? Describe(TierCounters compiled) => null;

    /// <summary>Counts the instruction at <see cref="HartHeader.Current"/>, which compiled code had interpreted.</summary>
    private protected void CountHandedOver(SystemContext context)
    {
        context.HandedOver++;
        _handedOver.Count(context.State->Current->Instruction.Operation);
    }

    private SystemContext Enter(Hart hart)
    {
        if (hart.EngineData is not SystemContext context || context.Engine != this)
        {
            if (hart.Isa != Isa || hart.Code is not ISystemHart system)
                throw new ArgumentException($"This engine runs {Isa.Name} in system mode.", nameof(hart));
            hart.EngineData = context = new SystemContext(this, hart, system, Options.MaximumBlockLength);
        }
        ObjectDisposedException.ThrowIf(hart.State == null, hart);
        context.Counts = context.SeenDrop == 0 ? Counts : context.Counts;
        lock (Gate)
        {
            if (context.IsRunning)
                throw new ArgumentException("The hart is running already.", nameof(hart));
            if (!_contexts.Contains(context))
            {
                if (!Options.SharesMemory && _contexts.Count > 0)
                    throw new ArgumentException($"The engine's options ({nameof(EngineOptions.SharesMemory)}) say that it has one hart.", nameof(hart));
                _contexts.Add(context);
            }
            context.IsRunning = true;
        }
        hart.State->Current = null;
        // Others may have changed whatever they liked while it did not run.
        SystemAccess.Request(context.Header, SystemAttention.StateChanged);
        return context;
    }

    private void Leave(SystemContext context)
    {
        lock (Gate)
        {
            context.IsRunning = false;
            context.Interpreted.MoveTo(_interpreted);
            context.Executed.MoveTo(_compiled);
            FreeDropped();
        }
    }

    private ExitReason Run(SystemContext context, long budget)
    {
        var state = context.State;
        var reason = ExitReason.Budget;
        if (budget != long.MaxValue)
            BeginToCount();
        while (budget > 0 && !context.Hart.TakeStopRequest())
        {
            var slice = Math.Min(budget, Slice);
            state->RetiredBase += slice - state->Budget;
            state->Budget = slice;
            try
            {
                reason = RunSlice(context);
            }
            finally
            {
                Interlocked.Add(ref _instructions, slice - state->Budget);
            }
            budget -= Math.Max(1, slice - state->Budget);
            if (reason != ExitReason.Budget)
                break;
            SystemAccess.Request(context.Header, SystemAttention.Requested);
        }
        return state->Exit = reason;
    }

    private ExitReason RunSlice(SystemContext context)
    {
        var state = context.State;
        var exceptions = 0;
        for (; ; )
        {
            if (Volatile.Read(ref context.Header->Attention) != 0)
            {
                if (!Attend(context))
                    return ExitReason.Attention;
                if (context.Hart.IsStopRequested)
                    return ExitReason.Budget;
            }
            if (state->CountIsRead != 0)
                BeginToCount();
            PassSafePoint(context);
            Execute(context);
            switch (state->Exit)
            {
                case ExitReason.None or ExitReason.TranslationMiss or ExitReason.Attention:
                    break;
                case ExitReason.InstructionFence:
                    DropChanged(context);
                    break;
                case ExitReason.Budget or ExitReason.WaitForInterrupt:
                    return state->Exit;
                case ExitReason.EnvironmentCall when TryMakeCall(context):
                    break;
                default:
                    // A fetch that failed was not taken off the budget.
                    if (state->Current != null)
                        state->Budget += BlockBudget.NotExecuted(state);
                    if (!context.System.TakeException(state->Exit))
                        return state->Exit;
                    // A handler that cannot be fetched from takes nothing off the budget.
                    if (++exceptions == Slice)
                        return ExitReason.Budget;
                    break;
            }
        }
    }

    private void Execute(SystemContext context)
    {
        var state = context.State;
        if (state->LeftThrough == null)
        {
            if (context.Compiled.TryFind(state->Pc, out var entry))
            {
                ExecuteCompiled(context, entry);
                return;
            }
            if (context.ColdBlocks.TryFind(state->Pc, out var head) && ((BlockHead*)head)->Countdown > 0)
            {
                var budget = state->Budget;
                var started = Now();
                state->JumpCache = context.ColdBlocks.Entries;
                Isa.Interpret(state);
                context.Interpreted.Instructions += budget - state->Budget;
                context.Interpreted.Count(state->Exit, started);
                return;
            }
        }
        state->Current = null;
        state->Exit = Translate(context);
    }

    private void ExecuteCompiled(SystemContext context, void* entry)
    {
        var state = context.State;
        var budget = state->Budget;
        var started = Now();
        context.HandedOver = 0;
        state->JumpCache = context.Compiled.Entries;
        Execute(state, entry);
        if (state->Exit == ExitReason.None)
            state->Pc = state->Current->Pc;
        if (context.Counts && state->Exit is not (ExitReason.TranslationMiss or ExitReason.Budget))
            state->Budget += BlockBudget.NotExecuted(state);
        if (context.Counts)
            context.Executed.Instructions += budget - state->Budget - context.HandedOver;
        context.Executed.Count(state->Exit, started);
        if (state->Exit == ExitReason.None)
            Step(context);
        // Whoever takes the exit has nothing to give back.
        state->Current = null;
    }

    // Executes the instruction at Current, with all that belongs to it.
    private void Step(SystemContext context)
    {
        var state = context.State;
        _handedOver.Count(state->Current->Instruction.Operation);
        state->Budget--;
        if (Isa.Step(state, state->Current->Instruction))
            state->Exit = ExitReason.TranslationMiss;
        else if (!BlockBudget.Retires(state->Exit))
            state->Budget++;
    }

    private long Now() => Options.MeasuresTime ? Stopwatch.GetTimestamp() : 0;

    private bool Attend(SystemContext context)
    {
        var change = AttendHart(context) | context.Change;
        context.Change = SystemChange.None;
        if ((change & SystemChange.Translation) != 0)
            context.Forget();
        else if ((change & SystemChange.Page) != 0)
            context.ForgetPage(context.Header->FenceAddress);
        context.EnterMode();
        return (change & SystemChange.Leave) == 0;
    }

    private SystemChange AttendHart(SystemContext context)
    {
        var watches = Volatile.Read(ref _watches);
        var change = context.System.Attend();
        Volatile.Write(ref context.SeenWatch, watches);
        return change;
    }

    /// <summary>
    /// Attends to a change of the hart's own state without leaving compiled code: mostly, only how it accesses data has changed, or that it may be
    /// interrupted. When it is more, attention stays asked for.
    /// </summary>
    private protected void AttendInPlace(SystemContext context)
    {
        var pc = context.State->Pc;
        context.Change |= AttendHart(context);
        if (context.Change != SystemChange.None || context.State->Pc != pc || context.System.Mode != context.Mode)
            SystemAccess.Request(context.Header, SystemAttention.StateChanged);
    }

    private ExitReason Translate(SystemContext context)
    {
        var pc = context.State->Pc;
        var system = context.System;
        var reason = system.Locate(pc, out var physical);
        if (reason != ExitReason.None)
            return reason;
        lock (Gate)
        {
            _lookups++;
            var block = Cache.Find(pc, physical, system.IsReduced);
            if (block != null && block.Tail != 0 && (system.Locate(NextPage(pc), out var tail) != ExitReason.None || tail != block.Tail))
            {
                Remove(block);
                block = null;
            }
            if (block == null)
            {
                reason = Decode(context, physical, out block);
                if (reason != ExitReason.None)
                    return reason;
            }
            Enter(context, block!);
        }
        return ExitReason.None;
    }

    // Makes a block known to the hart: to the interpreter, or to compiled code.
    private void Enter(SystemContext context, SystemBlock block)
    {
        var link = context.State->LeftThrough;
        context.State->LeftThrough = null;
        var head = block.Head;
        if (head->Countdown <= 0 && !TryCompile(context, block))
            head->Countdown = int.MaxValue;
        if (block.Entry == null)
        {
            context.ColdBlocks.Add(block.Start, block.Code);
            return;
        }
        // Another hart that still interprets the block comes back at its next turn.
        head->Countdown = 1;
        context.ColdBlocks.Remove(block.Start);
        context.Compiled.Add(block.Start, block.Entry);
        if (link != null && context.SeenDrop == _drops)
            Resolve(link, block);
    }

    private ExitReason Decode(SystemContext context, ulong physical, out SystemBlock? block)
    {
        block = null;
        var started = Now();
        var (decoder, system, pc) = (context.Decoder, context.System, context.State->Pc);
        // Watched before it is read, so that no store of this hart goes unseen.
        Watch(context, physical);
        var reason = decoder.TryDecode(pc);
        if (reason != ExitReason.None)
            return reason;
        ulong tail = 0;
        if ((pc + (ulong)decoder.Bytes.Length - 1 ^ pc) >= TlbEntry.PageSize)
        {
            reason = system.Locate(NextPage(pc), out tail);
            if (reason != ExitReason.None)
                return reason;
            Watch(context, tail);
        }
        if (Cache.Bytes > Options.CacheBytes)
            Evict();
        block = Cache.Add(decoder, physical, tail, system.IsReduced);
        // The interpreter leaves in front of the block when its count is 0, so one more than its executions.
        block.Head->Countdown = Threshold is 0 or int.MaxValue ? Threshold : Threshold + 1;
        _translatedBlocks++;
        _translatedInstructions += block.InstructionCount;
        if (started != 0)
            _decodeTicks += Stopwatch.GetTimestamp() - started;
        return ExitReason.None;
    }
}
