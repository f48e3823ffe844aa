using System.Diagnostics;
using System.Reflection.Emit;
using Dbt.Isa;
using Dbt.Translator.Engines;
using Dbt.Translator.Il.Trees;

namespace Dbt.Translator.Il.Blocks;

/// <summary>
/// Compiles hot blocks to IL, one DynamicMethod each, chained by tail calls through links and a hashed jump cache. Cold blocks are
/// interpreted one at a time and counted.
/// </summary>
/// <param name="lifter">The guest's trees.</param>
/// <param name="options">Settings; the defaults when null.</param>
public sealed unsafe class BlockEngine(GuestLifter lifter, EngineOptions? options = null)
    : TranslatingEngine<CompiledBlock>(lifter.Isa, options ?? EngineOptions.Default)
{
    // Machine code, its unwind and GC information, the DynamicMethod and its resolver: 2-9 KB were measured for small methods.
    private const int MethodBytes = 3000;
    private const int InstructionBytes = 50;

    private readonly BlockCompiler _compiler = new(lifter);
    private MethodRoots _methods = new();

    /// <inheritdoc/>
    public override string Name => "block";

    private static void* Stub => (delegate*<HartHeader*, byte*, ulong, Link*, void>)&LeaveThroughLink;

    /// <inheritdoc/>
    protected override HartContext CreateContext(Hart hart) => new BlockContext(this, hart);

    /// <inheritdoc/>
    protected override void Execute(HartContext context)
    {
        var blocks = (BlockContext)context;
        var state = context.State;
        if (blocks.Cold is { } cold)
        {
            blocks.Cold = null;
            Interpret(blocks, cold);
            return;
        }
        if (!context.JumpCache.TryFind(state->Pc, out var entry))
        {
            state->Exit = ExitReason.TranslationMiss;
            return;
        }
        state->LeftThrough = null;
        ((delegate*<HartHeader*, byte*, ulong, Link*, void>)entry)(state, state->Memory, state->MemoryLimit, null);
        if (state->Exit == ExitReason.None && state->Current == null)
            InterpretHere(blocks);
    }

    /// <inheritdoc/>
    protected override void Link(HartContext context, CompiledBlock block, bool current)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(block);
        var link = (Link*)context.State->LeftThrough;
        context.State->LeftThrough = null;
        if (block.Entry == null && block.Executions >= Options.CompileThreshold)
            Compile(block);
        if (block.Entry == null)
        {
            ((BlockContext)context).Cold = block;
            return;
        }
        context.JumpCache.Add(block.Start, block.Entry);
        if (current && link != null)
            Blocks.Link.Resolve(link, block.Incoming, block.Entry);
    }

    /// <inheritdoc/>
    protected override void Unlink(IReadOnlyList<CompiledBlock> blocks)
    {
        ArgumentNullException.ThrowIfNull(blocks);
        var roots = new MethodRoots();
        foreach (var block in blocks)
        {
            if (block.Method is not { } method)
                continue;
            while (block.Incoming->Next != block.Incoming)
                Blocks.Link.Reset(block.Incoming->Next, Stub);
            foreach (var link in block.Outgoing)
                Blocks.Link.Reset((Link*)link, Stub);
            _methods.Move(method, roots);
        }
        DisposeLater(roots);
    }

    /// <inheritdoc/>
    protected override void UnlinkAll()
    {
        DisposeLater(_methods);
        _methods = new MethodRoots();
    }

    // Where unresolved links lead.
    private static void LeaveThroughLink(HartHeader* state, byte* memory, ulong limit, Link* link)
    {
        state->Pc = link->Target;
        state->LeftThrough = link;
        state->Exit = ExitReason.TranslationMiss;
    }

    private void Compile(CompiledBlock block)
    {
        var started = Stopwatch.GetTimestamp();
        var links = new List<nint>();
        var method = _compiler.Compile(block, target =>
        {
            var link = (Link*)Cache.Arena.Allocate(sizeof(Link));
            Blocks.Link.Initialize(link, Stub, target);
            links.Add((nint)link);
            return (nint)link;
        });
        var incoming = (Link*)Cache.Arena.Allocate(sizeof(Link));
        Blocks.Link.Initialize(incoming, null, block.Start);
        block.Incoming = incoming;
        block.Outgoing = [.. links];
        block.Method = method;
        block.Entry = BlockCompiler.EntryOf(method);
        _methods.Add(method);
        Cache.Charge(MethodBytes + block.InstructionCount * InstructionBytes);
        TranslationTime += Stopwatch.GetElapsedTime(started);
    }

    // The compiled block does not want to run in this state (its rounding mode).
    private void InterpretHere(BlockContext context)
    {
        CompiledBlock? block;
        lock (Gate)
            block = Cache.Find(context.State->Pc);
        if (block != null)
            Interpret(context, block);
        else
            context.State->Exit = ExitReason.TranslationMiss;
    }

    // A loop of one block goes on in the interpreter until it is hot.
    private void Interpret(BlockContext context, CompiledBlock block)
    {
        var state = context.State;
        var rounds = Math.Max(1, Options.CompileThreshold - block.Executions);
        var budget = state->Budget;
        var granted = Math.Min(budget, (long)rounds * block.InstructionCount);
        state->JumpCache = context.Interpreted.Entries;
        context.Interpreted.Add(block.Start, block.Code);
        Grant(state, granted);
        try
        {
            Isa.Interpret(state);
        }
        finally
        {
            var executed = granted - state->Budget;
            Grant(state, budget - executed);
            context.Interpreted.Remove(block.Start);
            state->JumpCache = context.JumpCache.Entries;
            block.Executions += (int)(executed / block.InstructionCount);
            CountInterpreted(executed);
        }
        if (state->Exit == ExitReason.Budget && state->Budget >= block.InstructionCount)
            state->Exit = ExitReason.TranslationMiss;
    }

    // Sets the budget without changing the count of retired instructions.
    private static void Grant(HartHeader* state, long budget)
    {
        state->RetiredBase += budget - state->Budget;
        state->Budget = budget;
    }

    // Keeps the machine code of a batch alive.
    private sealed class MethodRoots : IDisposable
    {
        private readonly HashSet<DynamicMethod> _methods = [];

        public void Add(DynamicMethod method) => _methods.Add(method);

        public void Move(DynamicMethod method, MethodRoots to)
        {
            _methods.Remove(method);
            to._methods.Add(method);
        }

        public void Dispose() => _methods.Clear();
    }
}
