using System.Numerics;
using Dbt.Isa;
using Dbt.Translator.Explaining;
using Dbt.Translator.HostCode.X64;
using Dbt.Translator.Hypercalls;

namespace Dbt.Translator.Baseline;

// What a block seldom does is behind it: exits, and the table of its accesses that can fault.
internal sealed unsafe partial class X64BlockCompiler
{
    // Masks of pending registers, and above them of open ones, each followed by the constants, lowest register first.
    private long[] _pendingLog = new long[64];
    private int _pendingLogLength;
    private readonly ReusedList<FaultSite> _sites = new();
    private BaselineLink* _links;
    private Cold[] _cold = new Cold[32];
    private int _coldCount;
    private int _budgetCold;
    private int _pendingRecord;

    private enum ColdKind
    {
        Budget,
        Enter,
        Step,
        StepAndReturn,
        Miss,
        CanonicalNaN,
        Exit,
        Skip,
        Link,
        Hypercall,
    }

    private struct Cold
    {
        public X64Label Label;
        public ColdKind Kind;
        public int Index;
        public int Pending;
        public ulong Target;
        public byte* Displacement;
        public byte* Back;
        public (sbyte A, sbyte C, sbyte D) Copies;
        public XmmRegister Vector;
        public X64Precision Precision;
        public HypercallRecord* Body;
    }

    private ref Cold AddCold(ColdKind kind)
    {
        if (_coldCount == _cold.Length)
            Array.Resize(ref _cold, 2 * _coldCount);
        // Field by field: a structure that is made elsewhere and copied waits until all of it has been written.
        ref var cold = ref _cold[_coldCount++];
        cold.Label = default;
        cold.Kind = kind;
        cold.Index = _index;
        cold.Pending = kind is ColdKind.Step or ColdKind.StepAndReturn or ColdKind.Miss or ColdKind.Exit ? PendingRecord() : 0;
        cold.Back = null;
        return ref cold;
    }

    // The next host instruction accesses guest memory.
    private void NoteAccess()
    {
        if (!_system)
            NoteSite(_index);
    }

    private void NoteSite(int instruction)
    {
        ref var site = ref _sites.Add();
        site.Address = (ulong)_asm.Address;
        site.Instruction = instruction;
        site.Pending = PendingRecord();
    }

    // A cycle of the guest's control flow has a jump back or an indirect one. Indirect jumps poll where they look into the jump cache.
    // Traces go on behind jumps forward only.
    private bool JumpsBack() => (!_counts || _system) && IsLast &&
        (_lifter.Isa.TraitsOf(Current.Instruction.Operation) & OperationTraits.DirectJump) != 0 &&
        _lifter.Isa.DirectTarget(Current.Instruction, Current.Pc) <= Current.Pc;

    private void Poll(int instruction)
    {
        if (_system)
        {
            PollAttention(instruction);
            return;
        }
        NoteSite(instruction);
        // A load keeps the flags, which the jump may want.
        var scratch = ScratchNumbers - 1;
        while (scratch >= 0 && _copies[scratch] >= 0)
            scratch--;
        if (scratch >= 0)
            _asm.Mov(X64Size.Dword, (X64Register)scratch, _map.Field(X64RegisterMap.Poll));
        else
            _asm.Cmp(X64Size.Dword, X64RegisterMap.State, _map.Field(X64RegisterMap.Poll));
    }

    // What is pending or open now, written down once for all that need it. 0 is nothing.
    private int PendingRecord()
    {
        if ((_pending | _open) == 0)
            return 0;
        if (_pendingRecord >= 0)
            return _pendingRecord;
        if (_pendingLogLength + 1 + MostPending >= _pendingLog.Length)
            Array.Resize(ref _pendingLog, 2 * _pendingLog.Length);
        _pendingRecord = _pendingLogLength + 1;
        _pendingLog[_pendingLogLength++] = (long)((ulong)_open << 32 | _pending);
        for (var rest = _pending; rest != 0; rest &= rest - 1)
            _pendingLog[_pendingLogLength++] = _constants[BitOperations.TrailingZeroCount(rest)];
        return _pendingRecord;
    }

    private FaultSites CopySites()
    {
        var sites = (FaultSite*)_arena.Allocate(_sites.Count * sizeof(FaultSite));
        _sites.CopyTo(sites);
        var pending = (long*)_arena.Allocate(_pendingLogLength * sizeof(long));
        for (var i = 0; i < _pendingLogLength; i++)
            pending[i] = _pendingLog[i];
        return new FaultSites(sites, _sites.Count, pending);
    }

    private void EmitCold()
    {
        for (var i = 0; i < _coldCount; i++)
        {
            ref var cold = ref _cold[i];
            var here = _asm.Address;
            _asm.Bind(ref cold.Label);
            Notes?.Mark(PartOf(cold.Kind), cold.Index, here);
            switch (cold.Kind)
            {
                case ColdKind.Budget:
                    _asm.Add(X64Size.Qword, _budget, _block.TraceLength);
                    UndoExchanges(_written);
                    _asm.Mov(X64Register.Rax, _block.Start);
                    _asm.Jmp(_stubs.BudgetExit);
                    break;
                case ColdKind.Enter:
                    if (_counts)
                    {
                        _asm.Sub(X64Size.Qword, _budget, _block.TraceLength);
                        _asm.Jcc(X64Condition.Sign, ref _cold[_budgetCold].Label);
                    }
                    UndoExchanges(_written);
                    _asm.Mov(X64Register.Rax, (ulong)(_block.Trace + 1));
                    _asm.Jmp(_stubs.StepExit);
                    break;
                case ColdKind.Step:
                    PlacePending(cold.Pending);
                    UndoExchanges(_written);
                    _asm.Mov(X64Register.Rax, (ulong)(_block.Trace + 1 + cold.Index));
                    _asm.Jmp(_stubs.StepExit);
                    break;
                case ColdKind.StepAndReturn:
                    PlacePending(cold.Pending);
                    UndoExchanges(_written);
                    _asm.Mov(X64Register.Rax, (ulong)(_block.Trace + 1 + cold.Index));
                    _asm.Call(_stubs.StepCall);
                    MakeExchanges();
                    _asm.Jmp(cold.Back);
                    break;
                case ColdKind.Miss:
                    EmitMiss(cold);
                    break;
                case ColdKind.CanonicalNaN:
                    var isDouble = cold.Precision == X64Precision.Double;
                    _asm.Movs(X64Precision.Double, cold.Vector, Constant(isDouble ? _stubs.Tables.CanonicalDouble : _stubs.Tables.CanonicalSingle));
                    _asm.Jmp(cold.Back);
                    break;
                case ColdKind.Exit:
                    // Instructions behind the one that jumps were taken off the budget and are not executed.
                    PlacePending(cold.Pending);
                    if (_counts && cold.Index < _block.TraceLength - 1)
                        _asm.Add(X64Size.Qword, _budget, _block.TraceLength - 1 - cold.Index);
                    JumpTo(cold.Target);
                    break;
                case ColdKind.Skip:
                    EmitSkip(cold);
                    break;
                case ColdKind.Hypercall:
                    EmitHypercall(cold);
                    break;
                default:
                    var link = (BaselineLink*)_arena.Allocate(sizeof(BaselineLink));
                    BaselineLink.Initialize(link, cold.Target, cold.Displacement);
                    link->Unresolved = here;
                    link->Sibling = _links;
                    _links = link;
                    _asm.Mov(X64Register.Rax, (ulong)link);
                    _asm.Jmp(_stubs.LinkExit);
                    break;
            }
        }
    }

    private static CodePartKind PartOf(ColdKind kind) => kind switch
    {
        ColdKind.Budget => CodePartKind.OutOfBudget,
        ColdKind.Enter or ColdKind.Step => CodePartKind.HandOver,
        ColdKind.StepAndReturn or ColdKind.Miss => CodePartKind.CallOut,
        ColdKind.CanonicalNaN => CodePartKind.RareResult,
        ColdKind.Skip => CodePartKind.Skipped,
        ColdKind.Hypercall => CodePartKind.Hypercall,
        _ => CodePartKind.Unlinked,
    };

    private void PlacePending(int record)
    {
        if (record == 0)
            return;
        var mask = (uint)_pendingLog[record - 1];
        for (var open = (uint)(_pendingLog[record - 1] >> 32); open != 0; open &= open - 1)
        {
            _map.IsMapped(0, BitOperations.TrailingZeroCount(open), out var host);
            _asm.Movsxd(host, host);
        }
        for (var at = record; mask != 0; mask &= mask - 1)
            Place(BitOperations.TrailingZeroCount(mask), _pendingLog[at++]);
    }

    // Brings pending constants to where other code looks for them, and closes registers. Changes no flags; uses no scratch register unless it says so.
    private void FlushPending()
    {
        for (var rest = _pending; rest != 0; rest &= rest - 1)
        {
            var register = BitOperations.TrailingZeroCount(rest);
            Place(register, _constants[register]);
        }
        CloseAll();
        _pending = 0;
        _pendingRecord = -1;
    }

    private void Place(int register, long value)
    {
        if (_map.IsMapped(0, register, out var host))
        {
            _asm.Mov(host, (ulong)value);
            return;
        }
        var home = _map.Home(0, register);
        if (value == (int)value)
        {
            _asm.Mov(X64Size.Qword, home, (int)value);
            return;
        }
        // In two halves: no scratch register is free for certain.
        _asm.Mov(X64Size.Dword, home, (int)value);
        _asm.Mov(X64Size.Dword, _map.HomeUpper(0, register), (int)(value >> 32));
    }

    private bool IsLast => _index == _block.TraceLength - 1;

    private void LeaveTo(ulong target)
    {
        FlushPending();
        JumpTo(target);
        _ended = true;
    }

    // A loop that is one block jumps back to its start and needs no link: nothing but the block itself can lead there once it is unlinked.
    private void JumpTo(ulong target)
    {
        if (target == _block.Start)
        {
            _isLoop = true;
            _asm.Jmp(ref _start);
            return;
        }
        UndoExchanges(_written);
        if (!MayLink(target))
        {
            LookUp(target);
            return;
        }
        _asm.AlignForPatch(X64Assembler.JumpLength);
        _asm.Jmp(ref AddLink(target, _asm.Address + 1).Label);
    }

    private void LeaveTo(ulong target, X64Condition condition)
    {
        if (IsLast && target == _block.Start)
        {
            _isLoop = true;
            _asm.Jcc(condition, ref _start);
        }
        else if (!IsLast || _exchanges.Count > 0 || !MayLink(target))
        {
            ref var exit = ref AddCold(ColdKind.Exit);
            exit.Target = target;
            _asm.Jcc(condition, ref exit.Label);
        }
        else
        {
            _asm.AlignForPatch(X64Assembler.JumpLength + 1);
            _asm.Jcc(condition, ref AddLink(target, _asm.Address + 2).Label);
        }
    }

    private ref Cold AddLink(ulong target, byte* displacement)
    {
        ref var cold = ref AddCold(ColdKind.Link);
        cold.Target = target;
        cold.Displacement = displacement;
        return ref cold;
    }
}
