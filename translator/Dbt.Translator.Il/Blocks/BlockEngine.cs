using System.Reflection.Emit;
using Dbt.Isa;
using Dbt.Translator.Engines;
using Dbt.Translator.Semantics;

namespace Dbt.Translator.Il.Blocks;

/// <summary>
/// Compiles hot blocks to IL, one DynamicMethod each, chained by tail calls through links and a hashed jump cache.
/// </summary>
/// <param name="lifter">The guest's trees.</param>
/// <param name="options">Settings; the defaults when null.</param>
public sealed unsafe class BlockEngine(GuestLifter lifter, EngineOptions? options = null)
    : TieredEngine<CompiledBlock>(lifter.Isa, options ?? EngineOptions.Default, DefaultThreshold)
{
    // Machine code, its unwind and GC information, the DynamicMethod and its resolver: 2-9 KB were measured for small methods.
    private const int MethodBytes = 3000;
    private const int InstructionBytes = 50;

    private const int DefaultThreshold = 1000;

    private readonly BlockCompiler _compiler = new(lifter);
    private MethodRoots _methods = new();

    /// <inheritdoc/>
    public override string Name => "block";

    private static void* Stub => (delegate*<HartHeader*, byte*, ulong, Link*, void>)&LeaveThroughLink;

    /// <inheritdoc/>
    protected override void* EntryOf(CompiledBlock block)
    {
        ArgumentNullException.ThrowIfNull(block);
        return block.Entry;
    }

    /// <inheritdoc/>
    protected override void Enter(HartContext context, void* entry)
    {
        ArgumentNullException.ThrowIfNull(context);
        var state = context.State;
        ((delegate*<HartHeader*, byte*, ulong, Link*, void>)entry)(state, state->Memory, state->MemoryLimit, null);
        // The compiled block does not want to run in this state (its rounding mode).
        if (state->Exit == ExitReason.None && state->Current == null)
            InterpretCompiled(context);
    }

    /// <inheritdoc/>
    protected override void Resolve(void* link, CompiledBlock block)
    {
        ArgumentNullException.ThrowIfNull(block);
        Blocks.Link.Resolve((Link*)link, block.Incoming, block.Entry);
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

    /// <inheritdoc/>
    private protected override void Bypass(CompiledBlock block)
    {
        if (block.Method == null)
            return;
        while (block.Incoming->Next != block.Incoming)
            Blocks.Link.Reset(block.Incoming->Next, Stub);
    }

    // Where unresolved links lead.
    private static void LeaveThroughLink(HartHeader* state, byte* memory, ulong limit, Link* link)
    {
        state->Pc = link->Target;
        state->LeftThrough = link;
        state->Exit = ExitReason.TranslationMiss;
    }

    /// <inheritdoc/>
    protected override bool TryCompile(HartContext context, CompiledBlock block)
    {
        ArgumentNullException.ThrowIfNull(block);
        var links = new List<nint>();
        if (!_compiler.TryCompile(block, NewLink, out var method))
            return false;
        var incoming = (Link*)Cache.Arena.Allocate(sizeof(Link));
        Blocks.Link.Initialize(incoming, null, block.Start);
        block.Incoming = incoming;
        block.Outgoing = [.. links];
        block.Method = method;
        block.Entry = BlockCompiler.EntryOf(method);
        _methods.Add(method);
        Cache.Charge(MethodBytes + block.InstructionCount * InstructionBytes);
        Options.CodeListener?.BlockAdded(Name, block.Start, (byte*)block.Entry, HostCode.LengthOf(block.Entry, BlockCompiler.GetMethodDescriptor(method)));
        return true;

        nint NewLink(ulong target)
        {
            var link = (Link*)Cache.Arena.Allocate(sizeof(Link));
            Blocks.Link.Initialize(link, Stub, target);
            links.Add((nint)link);
            return (nint)link;
        }
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
