using Dbt.Isa;
using Dbt.Translator.HostCode.X64;
using Dbt.Translator.Hypercalls;

namespace Dbt.Translator.Baseline;

// Instructions that call whoever is below the guest. Each is a site that can be patched while it is executed: see translator/notes/0008-hypercalls.md.
internal sealed unsafe partial class X64BlockCompiler
{
    private const int SlotBytes = Dbt.Translator.Hypercalls.HypercallSites.SlotBytes;

    /// <summary>How hypercall sites are made; null where calls are the interpreter's.</summary>
    public HypercallSettings? Hypercalls { get; init; }

    /// <summary>Where sites are patched.</summary>
    public HypercallSites? HypercallSites { get; init; }

    /// <summary>The instruction leaves, whatever else it does.</summary>
    public void Exit(ExitReason reason)
    {
        // A block that has exchanged registers is a loop, and calls end blocks.
        if (reason == ExitReason.EnvironmentCall && Hypercalls != null && IsLast && _depth == 0 && _exchanges.Count == 0)
            MakeSite(Hypercalls);
        else
            Decline();
    }

    private void MakeSite(HypercallSettings settings)
    {
        BeginStatement();
        var inlined = ProvableCell(settings.Table);
        FlushPending();
        ref var cold = ref AddCold(ColdKind.Hypercall);
        // Code is the same for all modes, calls are not.
        if (_system)
        {
            _asm.Cmp(X64Size.Dword, _map.MayCall, 0);
            _asm.Jcc(X64Condition.Equal, ref cold.Label);
        }
        _asm.AlignForPatch(SlotBytes);
        var slot = _asm.Address;
        _asm.Nop(SlotBytes);
        HypercallRecord* body = null;
        if (inlined != null && settings.Table.ActionOf(inlined->Action) is { Kind: HypercallKind.Inline or HypercallKind.Nop } action &&
            (settings.Counts || HypercallSlot.For(action, _map) == 0))
        {
            body = inlined->Action;
            if (settings.Counts)
            {
                _asm.Mov(X64Register.Rax, (ulong)&inlined->Inlined);
                _asm.LockAlu(X64Alu.Add, X64Size.Qword, X64Memory.At(X64Register.Rax), 1);
            }
            X64HypercallHandlers.WriteSteps(_asm, _map, action);
        }
        cold.Displacement = slot;
        cold.Back = _asm.Address;
        cold.Target = (ulong)inlined;
        cold.Body = body;
    }

    // The call, when the registers that say which are constants here.
    private HypercallCell* ProvableCell(HypercallTable table)
    {
        var convention = table.Convention;
        if (!IsConstant(convention.Number) || convention.HasFunction && !IsConstant(convention.Function))
            return null;
        var cell = table.CellOf(new HypercallKey((ulong)_constants[convention.Number], convention.HasFunction ? (ulong)_constants[convention.Function] : 0));
        return cell == table.Nothing ? null : cell;
    }

    private bool IsConstant(int register) => (_pending >> register & 1) != 0;

    private void EmitHypercall(in Cold cold)
    {
        var cell = (HypercallCell*)cold.Target;
        var table = Hypercalls!.Table;
        var site = (HypercallSite*)_arena.Allocate(sizeof(HypercallSite));
        *site = new HypercallSite
        {
            Instruction = _block.Trace + 1 + cold.Index,
            Pc = _block.Trace[1 + cold.Index].Pc,
            Slot = cold.Displacement,
            IsProvable = cell != null,
            Body = cold.Body,
            Entry0 = cell != null ? cell : table.Nothing,
            Entry1 = table.Nothing,
            Entry2 = table.Nothing,
            Entry3 = table.Nothing,
        };
        site->Exit = _asm.Address;
        _asm.Mov(X64Register.Rax, (ulong)site);
        _asm.Jmp(_stubs.CallExit);
        site->Lookup = _asm.Address;
        if (cell != null)
        {
            _asm.Mov(X64Register.Rcx, (ulong)cell);
            X64Stubs.BeginCall(_asm, Hypercalls);
            _asm.Call(X64Memory.At(X64Register.Rdx));
        }
        else
        {
            _asm.Mov(X64Register.Rax, (ulong)site);
            _asm.Call(_stubs.CallLookup);
        }
        _asm.Jcc(X64Condition.Below, site->Exit);
        if (_system)
        {
            // A handler may have asked for something that must be done before the next instruction.
            X64Label quiet = default;
            _asm.Cmp(X64Size.Dword, _map.Attention, 0);
            _asm.JccShort(X64Condition.Equal, ref quiet);
            _asm.Mov(X64Register.Rax, _block.End);
            _asm.Jmp(_stubs.IndirectExit);
            _asm.Bind(ref quiet);
        }
        _asm.Jmp(cold.Back);
        HypercallSites!.Add(site);
    }
}
