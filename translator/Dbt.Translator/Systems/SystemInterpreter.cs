using System.Diagnostics;
using Dbt.Isa;
using Dbt.Isa.Systems;
using Dbt.Translator.Cache;
using Dbt.Translator.Engines;

namespace Dbt.Translator.Systems;

/// <summary>Interprets harts in system mode: blocks of physical pages, entered through the hart's translation of its pc.</summary>
/// <remarks>
/// Several harts share it, each on a thread of its own. Blocks are looked up, made and dropped under one lock. A hart's pointers to blocks
/// are in its jump caches, one for each mode; it empties them at its next safe point (whenever it leaves the interpreter's loop) after
/// something was dropped. Stores into pages with blocks are reported (<see cref="Invalidate"/>), so that an instruction fence has nothing
/// to look for but pages that another hart may have stored to unreported.
/// </remarks>
public sealed unsafe class SystemInterpreter : IEngine
{
    // At most some milliseconds between two looks at the clock.
    private const long Slice = 50_000;

    private readonly GuestIsa _isa;
    private readonly EngineOptions _options;
    private readonly Lock _gate = new();
    private readonly SystemCache _cache = new();
    private readonly List<SystemContext> _contexts = [];
    private readonly Queue<(long Drop, Arena Memory)> _dropped = new();
    private readonly Dictionary<ulong, long> _unsettled = [];
    private long _drops;
    private long _watches;
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
    public SystemInterpreter(GuestIsa isa, EngineOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(isa);
        _isa = isa;
        _options = options ?? EngineOptions.Default;
    }

    /// <inheritdoc/>
    public string Name => "interpreter";

    /// <inheritdoc/>
    public EngineStatistics Statistics
    {
        get
        {
            lock (_gate)
                return new EngineStatistics
                {
                    Instructions = Interlocked.Read(ref _instructions),
                    InterpretedInstructions = Interlocked.Read(ref _instructions),
                    TranslatedBlocks = _translatedBlocks,
                    TranslatedInstructions = _translatedInstructions,
                    TranslationTime = Stopwatch.GetElapsedTime(0, _decodeTicks),
                    Lookups = _lookups,
                    Evictions = _evictions,
                    Invalidations = _invalidations,
                };
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

    /// <summary>Drops the blocks in the physical pages that a range touches. Returns at once: running harts see it at their next instruction fence, as the architecture says.</summary>
    /// <inheritdoc/>
    public void Invalidate(ulong start, ulong length)
    {
        if (length == 0)
            return;
        lock (_gate)
        {
            var first = start & ~(TlbEntry.PageSize - 1);
            var count = 0;
            for (var page = first; page - first <= start - first + (length - 1); page += TlbEntry.PageSize)
                count += _cache.RemovePage(page);
            NoteDropped(count);
        }
    }

    /// <summary>Drops the blocks that other threads may have changed unreported.</summary>
    /// <inheritdoc/>
    public void InvalidateChanged() => DropChanged(null);

    /// <summary>Nothing changes: harts in system mode always share.</summary>
    /// <inheritdoc/>
    public void ShareMemory()
    {
    }

    /// <summary>Whether a physical page has translations: stores to it must be reported.</summary>
    public bool HasCode(ulong physical)
    {
        lock (_gate)
            return _cache.HasPage(physical);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            while (_dropped.TryDequeue(out var old))
                old.Memory.Dispose();
            _cache.Dispose();
        }
    }

    private SystemContext Enter(Hart hart)
    {
        if (hart.EngineData is not SystemContext context || context.Engine != this)
        {
            if (hart.Isa != _isa || hart.Code is not ISystemHart system)
                throw new ArgumentException($"This engine runs {_isa.Name} in system mode.", nameof(hart));
            hart.EngineData = context = new SystemContext(this, hart, system, _options.MaximumBlockLength);
        }
        ObjectDisposedException.ThrowIf(hart.State == null, hart);
        lock (_gate)
        {
            if (context.IsRunning)
                throw new ArgumentException("The hart is running already.", nameof(hart));
            context.IsRunning = true;
            if (!_contexts.Contains(context))
                _contexts.Add(context);
        }
        hart.State->Current = null;
        // Others may have changed whatever they liked while it did not run.
        SystemAccess.Request(context.Header, SystemAttention.StateChanged);
        return context;
    }

    private void Leave(SystemContext context)
    {
        lock (_gate)
            context.IsRunning = false;
    }

    private ExitReason Run(SystemContext context, long budget)
    {
        var state = context.State;
        var reason = ExitReason.Budget;
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
        for (; ; )
        {
            if (Volatile.Read(ref context.Header->Attention) != 0 && !Attend(context))
                return ExitReason.Attention;
            PassSafePoint(context);
            if (context.JumpCache.TryFind(state->Pc, out _))
            {
                _isa.Interpret(state);
            }
            else
            {
                state->Current = null;
                state->Exit = Translate(context);
            }
            switch (state->Exit)
            {
                case ExitReason.None or ExitReason.TranslationMiss or ExitReason.Attention:
                    break;
                case ExitReason.InstructionFence:
                    DropChanged(context);
                    break;
                case ExitReason.Budget or ExitReason.WaitForInterrupt:
                    return state->Exit;
                default:
                    // A fetch that failed was not taken off the budget.
                    if (state->Current != null)
                        state->Budget += BlockBudget.NotExecuted(state);
                    if (!context.System.TakeException(state->Exit))
                        return state->Exit;
                    break;
            }
        }
    }

    private bool Attend(SystemContext context)
    {
        var watches = Volatile.Read(ref _watches);
        var change = context.System.Attend();
        Volatile.Write(ref context.SeenWatch, watches);
        if ((change & SystemChange.Translation) != 0)
            context.Forget();
        else if ((change & SystemChange.Page) != 0)
            context.ForgetPage(context.Header->FenceAddress);
        context.EnterMode();
        return (change & SystemChange.Leave) == 0;
    }

    // Nothing of this hart points to a translation here.
    private void PassSafePoint(SystemContext context)
    {
        var drops = Volatile.Read(ref _drops);
        if (context.SeenDrop == drops)
            return;
        context.Forget();
        context.State->Current = null;
        Volatile.Write(ref context.SeenDrop, drops);
        lock (_gate)
            FreeDropped();
    }

    private ExitReason Translate(SystemContext context)
    {
        var pc = context.State->Pc;
        var system = context.System;
        var reason = system.Locate(pc, out var physical);
        if (reason != ExitReason.None)
            return reason;
        lock (_gate)
        {
            _lookups++;
            var block = _cache.Find(pc, physical, system.IsReduced);
            if (block != null && block.Tail != 0 && (system.Locate(NextPage(pc), out var tail) != ExitReason.None || tail != block.Tail))
            {
                _cache.Remove(block);
                block = null;
            }
            if (block == null)
            {
                reason = Decode(context, physical, out block);
                if (reason != ExitReason.None)
                    return reason;
            }
            context.JumpCache.Add(pc, block!.Code);
        }
        return ExitReason.None;
    }

    private ExitReason Decode(SystemContext context, ulong physical, out SystemBlock? block)
    {
        block = null;
        var started = _options.MeasuresTime ? Stopwatch.GetTimestamp() : 0;
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
        if (_cache.Bytes > _options.CacheBytes)
            Evict();
        block = _cache.Add(decoder, physical, tail, system.IsReduced);
        _translatedBlocks++;
        _translatedInstructions += block.InstructionCount;
        if (started != 0)
            _decodeTicks += Stopwatch.GetTimestamp() - started;
        return ExitReason.None;
    }

    private static ulong NextPage(ulong pc) => (pc | TlbEntry.PageSize - 1) + 1;

    private void Watch(SystemContext context, ulong physical)
    {
        var page = physical & ~(TlbEntry.PageSize - 1);
        if (_cache.HasPage(page))
            return;
        context.System.WatchCode(page);
        if (_contexts.Count > 1)
            _unsettled[page] = ++_watches;
    }

    // Other harts may have stored to code unreported for a while after it was first translated.
    private void DropChanged(SystemContext? executing)
    {
        lock (_gate)
        {
            var settled = long.MaxValue;
            foreach (var other in _contexts)
                if (other != executing && other.IsRunning)
                    settled = Math.Min(settled, Volatile.Read(ref other.SeenWatch));
            var dropped = 0;
            foreach (var (page, watch) in _unsettled.ToArray())
            {
                foreach (var block in _cache.BlocksIn(page).ToArray())
                {
                    if (IsCurrent(_contexts[0].System, block))
                        continue;
                    _cache.Remove(block);
                    dropped++;
                }
                if (watch <= settled)
                    _unsettled.Remove(page);
            }
            NoteDropped(dropped);
        }
    }

    private static bool IsCurrent(ISystemHart system, SystemBlock block)
    {
        var source = block.SourceBytes;
        var first = block.Tail == 0 ? source.Length : (int)(NextPage(block.Start) - block.Start);
        return system.ReadPhysical(block.Physical, first).SequenceEqual(source[..first])
            && (block.Tail == 0 || system.ReadPhysical(block.Tail, source.Length - first).SequenceEqual(source[first..]));
    }

    private void NoteDropped(int count)
    {
        if (count == 0)
            return;
        _invalidations += count;
        Volatile.Write(ref _drops, _drops + 1);
    }

    private void Evict()
    {
        Volatile.Write(ref _drops, _drops + 1);
        _dropped.Enqueue((_drops, _cache.RemoveAll()));
        _evictions++;
    }

    private void FreeDropped()
    {
        while (_dropped.TryPeek(out var old)
            && _contexts.TrueForAll(context => !context.IsRunning || Volatile.Read(ref context.SeenDrop) >= old.Drop))
            _dropped.Dequeue().Memory.Dispose();
    }
}
