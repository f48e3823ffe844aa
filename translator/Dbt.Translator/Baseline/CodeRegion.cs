using Dbt.Isa;
using Dbt.Translator.Cache;
using Dbt.Translator.HostCode;
using Dbt.Translator.HostCode.X64;
using Dbt.Translator.Hypercalls;
using Dbt.Translator.Semantics;

namespace Dbt.Translator.Baseline;

/// <summary>Host memory with the code of blocks, which is filled up and then dropped as a whole. Its engine locks it, but for <see cref="FindBlock"/>.</summary>
internal sealed unsafe class CodeRegion : IDisposable
{
    private readonly ExecutableMemory _memory;
    private readonly CodeFaults _faults;
    private readonly X64Assembler _assembler = new();
    private readonly X64BlockCompiler _compiler;
    private readonly List<BaselineBlock> _blocks = [];

    /// <summary>An empty region.</summary>
    /// <param name="lifter">The guest's semantics.</param>
    /// <param name="extensions">Extensions that are on in all harts.</param>
    /// <param name="bytes">Size; only what is used takes memory.</param>
    /// <param name="mapping">How the memory is mapped.</param>
    /// <param name="features">Instructions that may be used.</param>
    /// <param name="trusted">Whether the guest's addresses are not checked.</param>
    /// <param name="counts">Whether code takes what it executes off the budget; it polls otherwise.</param>
    /// <param name="locks">Whether atomic operations must be so for others than the hart that executes them.</param>
    /// <param name="step">See <see cref="X64Stubs"/>.</param>
    /// <param name="system">Whether the code is for system mode: accesses go through the hart's software TLB.</param>
    /// <param name="calls">How hypercall sites are made; null when calls are the interpreter's.</param>
    public CodeRegion(
        GuestLifter lifter, ExtensionSet extensions, int bytes, CodeMapping mapping, HostFeatures features, bool trusted, bool counts, bool locks,
        delegate* unmanaged<HartHeader*, int> step, bool system = false, HypercallSettings? calls = null)
    {
        _memory = new ExecutableMemory(bytes, mapping);
        Map = new X64RegisterMap(lifter.Isa);
        _memory.TryBegin(0, out var start, out var end);
        _assembler.Begin(start, end, _memory.ExecuteDelta);
        Stubs = new X64Stubs(Map, _assembler, step, system, calls);
        HypercallSites = new HypercallSites(_memory);
        _memory.Commit(_assembler.Cursor);
        Enter = (delegate* unmanaged<HartHeader*, void*, void>)Stubs.Enter;
        _compiler = new X64BlockCompiler(lifter, extensions, Map, _assembler, Stubs, features, trusted, counts, locks, system)
        {
            Hypercalls = calls,
            HypercallSites = HypercallSites,
        };
        _faults = new CodeFaults(_memory, Stubs.Recover);
    }

    /// <summary>Runs translated code of this region from an entry until it leaves.</summary>
    public delegate* unmanaged<HartHeader*, void*, void> Enter { get; }

    /// <summary>Where guest registers are.</summary>
    public X64RegisterMap Map { get; }

    /// <summary>What all blocks share.</summary>
    public X64Stubs Stubs { get; }

    /// <summary>The instructions of its blocks that call.</summary>
    public HypercallSites HypercallSites { get; }

    /// <summary>Gets notes on what is compiled; null when nobody reads it.</summary>
    public CodeNotes? Notes
    {
        get => _compiler.Notes;
        set => _compiler.Notes = value;
    }

    /// <summary>Extensions that are on where the next block is executed.</summary>
    public ExtensionSet Extensions
    {
        set => _compiler.Extensions = value;
    }

    /// <summary>Bytes in use.</summary>
    public int UsedBytes => _memory.UsedBytes;

    /// <summary>Compiles a block; false when the region is full.</summary>
    public bool TryCompile(BaselineBlock block, Arena arena, ulong limit)
    {
        if (!_memory.TryBegin(X64BlockCompiler.RoomFor(block.TraceLength), out var start, out var end))
            return false;
        _assembler.Begin(start, end, _memory.ExecuteDelta);
        _compiler.Compile(block, arena, limit);
        _memory.Commit(_assembler.Cursor);
        _blocks.Add(block);
        return true;
    }

    /// <summary>Whether an address is in here.</summary>
    public bool Contains(ulong address) => _memory.Contains((void*)address);

    /// <summary>The block whose code lies at an address.</summary>
    public BaselineBlock? FindBlock(ulong address)
    {
        int low = 0, high = _blocks.Count - 1;
        while (low <= high)
        {
            var middle = low + high >> 1;
            var block = _blocks[middle];
            if (address - (ulong)block.Entry < (ulong)block.CodeLength)
                return block;
            if ((ulong)block.Entry < address)
                low = middle + 1;
            else
                high = middle - 1;
        }
        return null;
    }

    /// <summary>Brings the registers that were in host registers when an access of a block failed to their homes.</summary>
    public void RestoreRegisters(BaselineBlock block, HartHeader* state)
    {
        for (var i = 0; i < Map.Hot.Length; i++)
        {
            var register = Map.Hot[i];
            foreach (var exchange in block.Exchanges)
                if (exchange.Hot == Map.Hot[i])
                    register = exchange.Guest;
            *Map.HomeIn(state, register) = state->HostRegisters[i];
        }
    }

    /// <summary>Lets a jump lead somewhere else.</summary>
    public void Patch(BaselineLink* link, byte* target)
    {
        // The jump lies in eight aligned bytes, its displacement behind its opcode.
        var address = link->Displacement - _memory.ExecuteDelta;
        var word = (byte*)((nuint)address & ~(nuint)7);
        var shift = (int)(address - word) * 8;
        var displacement = (uint)(int)(target - (link->Displacement + sizeof(int)));
        var code = *(ulong*)word & ~((ulong)uint.MaxValue << shift) | (ulong)displacement << shift;
        _memory.PatchAligned8(word, code);
    }

    /// <summary>Frees the memory. Nobody may be executing here.</summary>
    public void Dispose()
    {
        _faults.Dispose();
        _memory.Dispose();
    }
}
