using System.Diagnostics;
using System.Reflection.Emit;
using Dbt.Isa;
using Dbt.Translator.Engines;
using Dbt.Translator.Semantics;

namespace Dbt.Translator.Il.Blocks;

/// <summary>
/// Compiles hot blocks to IL, one DynamicMethod each, chained by tail calls through links and a hashed jump cache. Cold blocks are
/// interpreted; they are counted when the interpreter is entered at them, and by samples while it goes on among cold blocks.
/// </summary>
/// <param name="lifter">The guest's trees.</param>
/// <param name="options">Settings; the defaults when null.</param>
public sealed unsafe class BlockEngine(GuestLifter lifter, EngineOptions? options = null)
    : TranslatingEngine<CompiledBlock>(lifter.Isa, options ?? EngineOptions.Default)
{
    // Machine code, its unwind and GC information, the DynamicMethod and its resolver: 2-9 KB were measured for small methods.
    private const int MethodBytes = 3000;
    private const int InstructionBytes = 50;

    // A prime, so that it does not fall into step with a loop.
    private const int SampleLength = 997;

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
        if (blocks.IsCold)
        {
            blocks.IsCold = false;
            Interpret(blocks);
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
        var blocks = (BlockContext)context;
        var link = (Link*)context.State->LeftThrough;
        context.State->LeftThrough = null;
        if (block.Entry == null && IsHot(blocks, block))
            Compile(block);
        if (block.Entry == null)
        {
            blocks.ColdBlocks.Add(block.Start, block.Code);
            blocks.IsCold = true;
            return;
        }
        blocks.ColdBlocks.Remove(block.Start);
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

    // A block that is sampled after that many instructions was probably executed this often meanwhile.
    private bool IsHot(BlockContext context, CompiledBlock block)
    {
        block.Executions += context.Sampled ? Math.Max(1, SampleLength / block.InstructionCount) : 1;
        context.Sampled = false;
        return !block.IsDeclined && block.Executions > Options.CompileThreshold;
    }

    private void Compile(CompiledBlock block)
    {
        var started = Stopwatch.GetTimestamp();
        var links = new List<nint>();
        if (!_compiler.TryCompile(block, NewLink, out var method))
        {
            block.IsDeclined = true;
            return;
        }
        var incoming = (Link*)Cache.Arena.Allocate(sizeof(Link));
        Blocks.Link.Initialize(incoming, null, block.Start);
        block.Incoming = incoming;
        block.Outgoing = [.. links];
        block.Method = method;
        block.Entry = BlockCompiler.EntryOf(method);
        _methods.Add(method);
        Cache.Charge(MethodBytes + block.InstructionCount * InstructionBytes);
        TranslationTime += Stopwatch.GetElapsedTime(started);

        nint NewLink(ulong target)
        {
            var link = (Link*)Cache.Arena.Allocate(sizeof(Link));
            Blocks.Link.Initialize(link, Stub, target);
            links.Add((nint)link);
            return (nint)link;
        }
    }

    // The compiled block does not want to run in this state (its rounding mode).
    private void InterpretHere(BlockContext context)
    {
        var pc = context.State->Pc;
        lock (Gate)
        {
            if (Cache.Find(pc) is not { } block)
            {
                context.State->Exit = ExitReason.TranslationMiss;
                return;
            }
            context.ColdBlocks.Add(pc, block.Code);
        }
        Interpret(context);
        context.ColdBlocks.Remove(pc);
    }

    // Goes from cold block to cold block until one is not known to be cold, or for a sample's length.
    private void Interpret(BlockContext context)
    {
        var state = context.State;
        var budget = state->Budget;
        var granted = Math.Min(budget, SampleLength);
        state->JumpCache = context.ColdBlocks.Entries;
        Grant(state, granted);
        try
        {
            Isa.Interpret(state);
        }
        finally
        {
            var executed = granted - state->Budget;
            Grant(state, budget - executed);
            state->JumpCache = context.JumpCache.Entries;
            CountInterpreted(executed);
        }
        if (state->Exit == ExitReason.Budget && granted < budget)
        {
            context.Sampled = true;
            state->Exit = ExitReason.TranslationMiss;
        }
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
