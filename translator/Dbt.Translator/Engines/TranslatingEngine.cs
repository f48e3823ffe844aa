using System.Diagnostics;
using Dbt.Isa;
using Dbt.Translator.Cache;

namespace Dbt.Translator.Engines;

/// <summary>
/// What the engines share: the loop around translated code with its exact instruction budget, faults and fetch faults, the
/// translation cache and its invalidation.
/// </summary>
/// <remarks>
/// Several harts may share an engine, each on a thread of its own. Translations are looked up, made and dropped under one lock. A hart
/// holds pointers to translations in its jump cache and in host registers; it is free of them at safe points only (a miss, the end of a
/// slice, a return), where it empties its jump cache if something was dropped meanwhile. Dropped memory is freed when every running
/// hart has passed a safe point. An instruction fence takes effect for the hart that executes it, as on hardware; <see cref="Invalidate"/> waits
/// for the safe points of all.
/// </remarks>
/// <typeparam name="TBlock">What the engine keeps for a block.</typeparam>
public abstract unsafe partial class TranslatingEngine<TBlock> : IEngine
    where TBlock : Block, new()
{
    // Keeps a block's memory well below a chunk of its arena, and compiled blocks away from the JIT's cliffs.
    private const int LongestBlock = 1024;

    private readonly OperationCounters _handedOver = new();
    private readonly TierCounters _interpreted = new();
    private readonly TierCounters _compiled = new();
    private readonly TierCounters _above = new();
    private readonly List<HartContext> _running = [];
    private readonly Queue<DroppedMemory> _dropped = new();
    private BlockDecoder? _decoder;
    private IGuestCode? _code;
    private ExtensionSet _extensions;
    private volatile bool _mustCount;

    // Nobody else than the one hart that runs accesses guest memory; and the drop of what counts on that, while harts may still execute it.
    private bool _isAlone;
    private long _aloneUntil;
    private long _drops;
    private long _lastEviction;
    private long _evictionBeforeLast;
    private long _instructions;
    private long _lookups;
    private long _blocks;
    private long _blockInstructions;
    private long _decodeTicks;
    private long _evictions;
    private long _invalidations;

    // Pulsed when a hart has passed a safe point, or left, while somebody waits for that.
    private readonly object _safePoint = new();
    private int _waiting;

    /// <summary>An engine with an empty cache.</summary>
    /// <param name="isa">The guest's instruction set; every hart must have it.</param>
    /// <param name="options">Settings.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    protected TranslatingEngine(GuestIsa isa, EngineOptions options)
    {
        ArgumentNullException.ThrowIfNull(isa);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegative(options.CacheBytes, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(options.CompileThreshold ?? 0, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.SliceLength, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaximumBlockLength, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.MaximumBlockLength, LongestBlock, nameof(options));
        Isa = isa;
        Options = options;
        _isAlone = !options.SharesMemory;
    }

    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <summary>The guest's instruction set.</summary>
    public GuestIsa Isa { get; }

    /// <summary>Settings.</summary>
    public EngineOptions Options { get; }

    /// <inheritdoc/>
    public EngineStatistics Statistics
    {
        get
        {
            lock (Gate)
            {
                var interpreter = _interpreted.Describe("interpreter") with
                {
                    Blocks = _blocks,
                    BlockInstructions = _blockInstructions,
                    Bytes = Cache.Bytes - Cache.Charged,
                    TranslationTime = Stopwatch.GetElapsedTime(0, _decodeTicks),
                };
                var compiled = DescribeCompiled(_compiled);
                var handedOver = _handedOver.Describe(Isa);
                return new EngineStatistics
                {
                    Instructions = Interlocked.Read(ref _instructions),
                    TranslatedBlocks = _blocks,
                    TranslatedInstructions = _blockInstructions,
                    TranslationTime = interpreter.TranslationTime + (compiled?.TranslationTime ?? default),
                    Lookups = _lookups,
                    Evictions = _evictions,
                    Invalidations = _invalidations,
                    InterpretedInstructions = interpreter.Instructions + handedOver.Sum(operation => operation.Value),
                    Tiers = compiled == null ? [interpreter] : Upper == null ? [interpreter, compiled] : [interpreter, compiled, Upper.Describe(_above)],
                    HandedOver = handedOver,
                };
            }
        }
    }

    /// <summary>Whether compiled code must count what it executes.</summary>
    private protected bool Counts => _mustCount || Options.CountsInstructions || !MayLeaveOutCount;

    /// <summary>Whether the engine has compiled code that polls (<see cref="PollPage"/>) instead of counting.</summary>
    private protected virtual bool MayLeaveOutCount => false;

    /// <summary>Whether compiled code may count on it that nobody else accesses guest memory while it runs. Under <see cref="Gate"/>.</summary>
    private protected bool IsAlone => _isAlone;

    /// <summary>A tier above this one; null when there is none.</summary>
    private protected UpperTier? Upper { get; init; }

    /// <summary>Guards the cache and whatever engines hang on its blocks.</summary>
    protected Lock Gate { get; } = new();

    /// <summary>The translations. Only under <see cref="Gate"/>.</summary>
    protected TranslationCache<TBlock> Cache { get; } = new();

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

    /// <inheritdoc/>
    public void Invalidate(ulong start, ulong length)
    {
        long drop;
        lock (Gate)
        {
            Drop(Cache.Remove(start, length), Upper?.Drop(start, length) == true);
            // Even when nothing was dropped now: a fence of another hart may just have dropped it.
            drop = _drops;
        }
        AwaitSafePoints(drop);
    }

    /// <inheritdoc/>
    public void InvalidateChanged()
    {
        long drop;
        lock (Gate)
        {
            DropChanged();
            drop = _drops;
        }
        AwaitSafePoints(drop);
    }

    /// <summary>Makes every hart that runs now tell <see cref="EngineOptions.SampleListener"/> where it is, soon. Safe from any thread.</summary>
    public void RequestSamples()
    {
        lock (Gate)
            RequestPolls();
    }

    /// <inheritdoc/>
    public void ShareMemory()
    {
        lock (Gate)
            EndSolitude();
        AwaitEndOfSolitude();
    }

    /// <inheritdoc/>
    public void RequirePreciseFaults()
    {
        lock (Gate)
        {
            if (Upper is not { } upper)
                return;
            upper.Retire();
            CountDrop();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Upper?.Dispose();
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

    /// <summary>A decoder for traces: blocks of the harts' code that go on behind conditional jumps. Under <see cref="Gate"/>, while a hart runs.</summary>
    protected BlockDecoder CreateTraceDecoder(int mostBranches) =>
        new(Isa, _extensions, _code!, Options.MaximumBlockLength, mostBranches);

    /// <summary>The block that begins at a pc, decoded when it is not known yet; null when nothing can be fetched there. Under <see cref="Gate"/>, while a hart runs.</summary>
    private protected TBlock? FindOrDecode(ulong pc) => Cache.Find(pc) ?? (_decoder!.TryDecode(pc) == ExitReason.None ? Add() : null);

    /// <summary>What the harts fetch from; null before the first has run.</summary>
    private protected IGuestCode? GuestCode => _code;

    /// <summary>Extensions that are on in all harts.</summary>
    private protected ExtensionSet GuestExtensions => _extensions;

    /// <summary>What the engine keeps for a hart.</summary>
    protected virtual HartContext CreateContext(Hart hart) => new(this, hart);

    /// <summary>
    /// Runs translated code from the hart's Pc until it exits. Exit None asks that the interpreter executes the instruction at
    /// <see cref="HartHeader.Current"/>, of which nothing has happened yet. Host faults in guest memory may surface as NullReferenceException.</summary>
    protected abstract void Execute(HartContext context);

    /// <summary>
    /// Makes the block at the hart's Pc known to translated code: in the jump cache, and in what it left through. Under <see cref="Gate"/>.
    /// </summary>
    /// <param name="context">The hart.</param>
    /// <param name="block">The block, just made or made earlier.</param>
    /// <param name="current">False when something was dropped since the hart's last safe point: what it left through may be gone.</param>
    protected abstract void Link(HartContext context, TBlock block, bool current);

    /// <summary>Whether the hart can go on at its Pc without <see cref="Link"/>.</summary>
    private protected virtual bool IsKnown(HartContext context) =>
        context.State->LeftThrough == null && context.JumpCache.TryFind(context.State->Pc, out _);

    /// <summary>Prepares a block that was just decoded. Under <see cref="Gate"/>.</summary>
    private protected virtual void Introduce(TBlock block)
    {
    }

    /// <summary>Called before blocks are dropped one by one: nothing may lead to them any more. Under <see cref="Gate"/>.</summary>
    protected virtual void Unlink(IReadOnlyList<TBlock> blocks)
    {
    }

    /// <summary>Called before all blocks are dropped; see <see cref="DisposeLater"/>. Under <see cref="Gate"/>.</summary>
    protected virtual void UnlinkAll()
    {
    }

    /// <summary>Disposes something when every hart that runs now has passed a safe point. Under <see cref="Gate"/>, before the drop is counted.</summary>
    protected void DisposeLater(IDisposable memory) => _dropped.Enqueue(new DroppedMemory(_drops + 1, memory));

    /// <summary>The counters of compiled code; null for an engine without.</summary>
    private protected virtual TierStatistics? DescribeCompiled(TierCounters counters) => null;

    /// <summary>The clock, when somebody wants to know.</summary>
    private protected long Now() => Options.MeasuresTime ? Stopwatch.GetTimestamp() : 0;

    // Executes the instruction at the hart's Pc and takes it off the budget. False when it exited.
    private bool Step(HartContext context)
    {
        var state = context.State;
        var pc = state->Pc;
        var reason = Fetch(context, out var instruction);
        if (reason == ExitReason.None)
        {
            state->Budget--;
            try
            {
                if (Isa.Step(state, instruction))
                    return true;
                reason = state->Exit;
            }
            catch (NullReferenceException) when (HostFaulted(state))
            {
                TakeHostFault(state, pc, instruction.Operation);
                reason = ExitReason.MemoryFault;
            }
            if (!BlockBudget.Retires(reason))
                state->Budget++;
        }
        state->Exit = reason;
        return false;
    }

    // Turns faults into exits, with exact Pc and budget.
    private void ExecuteExactly(HartContext context)
    {
        var state = context.State;
        context.CountedBudget = state->Budget;
        var started = Now();
        context.HandedOver = 0;
        context.IsAbove = false;
        try
        {
            Execute(context);
        }
        catch (NullReferenceException) when (HostFaulted(state) && !context.IsAbove)
        {
            TakeHostFault(state, state->Current->Pc, state->Current->Instruction.Operation);
            state->Exit = ExitReason.MemoryFault;
        }
        Account(context, started);
    }

    // Counts what was executed, makes Pc and budget exact, and executes what compiled code left to the interpreter.
    private void Account(HartContext context, long started)
    {
        var state = context.State;
        var counts = context.Counts || context.IsInterpreting;
        switch (state->Exit)
        {
            case ExitReason.None:
                state->Pc = state->Current->Pc;
                if (counts)
                    state->Budget += BlockBudget.NotExecuted(state);
                break;
            case ExitReason.MemoryFault or ExitReason.MisalignedAccess or ExitReason.IllegalInstruction or
                ExitReason.EnvironmentCall or ExitReason.Breakpoint:
                state->Budget += BlockBudget.NotExecuted(state);
                break;
        }
        var counters = context.IsAbove ? context.Above : context.IsInterpreting ? context.Interpreted : context.Compiled;
        if (counts)
            counters.Instructions += context.CountedBudget - state->Budget - context.HandedOver;
        counters.Count(state->Exit, started);
        if (state->Exit != ExitReason.None)
            return;
        _handedOver.Count(state->Current->Instruction.Operation);
        if (Step(context))
            state->Exit = ExitReason.TranslationMiss;
    }

    private protected static bool HostFaulted(HartHeader* state) => state->HostFault != null && state->HostFault->Signal != 0;

    private void TakeHostFault(HartHeader* state, ulong pc, ushort operation)
    {
        var fault = state->HostFault;
        state->Pc = pc;
        state->FaultAddress = fault->Address - (ulong)state->Memory;
        // A read-modify-write wants to write, though some are compiled to a loop whose first access is a load.
        var writes = fault->IsWrite != 0 || (Isa.TraitsOf(operation) & OperationTraits.Stores) != 0;
        state->FaultAccess = writes ? AccessKind.Write : AccessKind.Read;
        state->FaultSignal = (int)fault->Signal;
        fault->Signal = 0;
    }

    private HartContext Enter(Hart hart)
    {
        if (hart.EngineData is not HartContext context || context.Engine != this)
        {
            if (hart.Isa != Isa)
                throw new ArgumentException($"This engine runs {Isa.Name}, the hart is {hart.Isa.Name}.", nameof(hart));
            hart.EngineData = context = CreateContext(hart);
            context.Operations = _handedOver;
            context.Counts = Counts;
            if (!context.Counts)
                hart.Poll.Open(context.JumpCache.Entries);
        }
        var state = hart.State;
        ObjectDisposedException.ThrowIf(state == null, hart);
        state->JumpCache = context.JumpCache.Entries;
        state->Current = null;
        state->FaultSignal = 0;
        // A jump through which an earlier run left may have led to where nothing can be fetched, and Pc may be another's now.
        state->LeftThrough = null;
        bool isEnding;
        lock (Gate)
        {
            if (_decoder == null)
            {
                _code = hart.Code;
                _extensions = hart.Extensions;
                _decoder = new BlockDecoder(Isa, _extensions, _code, Options.MaximumBlockLength);
            }
            if (hart.Code != _code || hart.Extensions != _extensions)
                throw new ArgumentException("Harts of one engine share code and extensions.", nameof(hart));
            if (_running.Contains(context))
                throw new ArgumentException("The hart is running already.", nameof(hart));
            context.RunningThread = Environment.CurrentManagedThreadId;
            _running.Add(context);
            if (_running.Count > 1)
                EndSolitude();
            isEnding = _aloneUntil != 0;
        }
        if (isEnding)
            AwaitEndOfSolitude(context);
        return context;
    }

    // Under the gate. Whatever counts on being alone is dropped.
    private void EndSolitude()
    {
        if (!_isAlone)
            return;
        _isAlone = false;
        Evict();
        _aloneUntil = _drops;
    }

    // Until no hart executes what was dropped then. One that is about to run does not: others need not wait for it, who may be waiting themselves.
    private void AwaitEndOfSolitude(HartContext? context = null)
    {
        long drop;
        lock (Gate)
            drop = _aloneUntil;
        if (drop == 0)
            return;
        if (context != null)
            PassSafePoint(context);
        AwaitSafePoints(drop);
        lock (Gate)
            _aloneUntil = 0;
    }

    private void Leave(HartContext context)
    {
        context.State->Current = null;
        bool waiting;
        lock (Gate)
        {
            _running.Remove(context);
            context.RunningThread = 0;
            context.Interpreted.MoveTo(_interpreted);
            context.Compiled.MoveTo(_compiled);
            context.Above.MoveTo(_above);
            waiting = _waiting > 0;
            FreeDropped();
        }
        if (waiting)
            ReportSafePoint();
    }

    private ExitReason Run(HartContext context, long budget)
    {
        var state = context.State;
        var reason = ExitReason.Budget;
        var ended = 0L;
        // Without a cell for faults, a poll that fails would end the process.
        if (budget != long.MaxValue || state->HostFault == null)
            BeginToCount();
        while (budget > 0 && !context.Hart.TakeStopRequest())
        {
            // The first slice of a run is not timed: most runs end within it, with a system call.
            var slice = Math.Min(budget, Math.Min(context.SliceLength, Options.SliceLength));
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
            budget -= slice - state->Budget;
            if (reason != ExitReason.Budget)
                break;
            Options.SampleListener?.Sampled(context.Hart);
            Upper?.Sample(context);
            if (!context.Counts)
                continue; // the interpreter's slices, between which other code runs
            var now = Stopwatch.GetTimestamp();
            if (ended != 0 && slice == context.SliceLength)
                context.AdaptSlice(now - ended);
            ended = now;
        }
        return state->Exit = reason;
    }

    private ExitReason RunSlice(HartContext context)
    {
        var state = context.State;
        for (; ; )
        {
            // First the request, then what was requested.
            if (context.Hart.Poll.TryTake())
                return ExitReason.Budget;
            if (state->CountIsRead != 0)
                BeginToCount();
            PassSafePoint(context);
            if (!IsKnown(context))
            {
                var reason = Translate(context);
                if (reason != ExitReason.None)
                    return reason;
                continue;
            }
            ExecuteExactly(context);
            if (state->Exit == ExitReason.Budget && StepRest(context))
                return ExitReason.Budget;
            switch (state->Exit)
            {
                case ExitReason.TranslationMiss when state->Budget == 0:
                    return ExitReason.Budget;
                case ExitReason.TranslationMiss:
                    break;
                case ExitReason.InstructionFence:
                    lock (Gate)
                        DropChanged();
                    break;
                case ExitReason.EnvironmentCall when TryMakeCall(context):
                    break;
                default:
                    return state->Exit;
            }
        }
    }

    // The next block is longer than the budget. True when the budget is used up, false when an instruction exited.
    private bool StepRest(HartContext context)
    {
        while (context.State->Budget > 0)
            if (!Step(context))
                return false;
        return true;
    }

    private ExitReason Translate(HartContext context)
    {
        lock (Gate)
        {
            _lookups++;
            var block = Cache.Find(context.State->Pc);
            if (block == null)
            {
                var started = Now();
                var reason = _decoder!.TryDecode(context.State->Pc);
                if (reason != ExitReason.None)
                    return ReportFetch(context.State, reason);
                if (Cache.Bytes > Options.CacheBytes)
                    Evict();
                block = Add();
                _decodeTicks += Now() - started;
            }
            Link(context, block, context.SeenDrop == _drops);
            return ExitReason.None;
        }
    }

    // What the decoder found.
    private TBlock Add()
    {
        var block = Cache.Add(_decoder!);
        Introduce(block);
        _blocks++;
        _blockInstructions += block.InstructionCount;
        return block;
    }

    private ExitReason Fetch(HartContext context, out Instruction instruction)
    {
        lock (Gate)
        {
            var reason = _decoder!.TryDecodeOne(context.State->Pc, out instruction);
            return reason == ExitReason.None ? reason : ReportFetch(context.State, reason);
        }
    }

    private ExitReason ReportFetch(HartHeader* state, ExitReason reason)
    {
        state->FaultAddress = _decoder!.FaultAddress;
        state->FaultAccess = AccessKind.Execute;
        state->FaultSignal = 0;
        return reason;
    }
}
