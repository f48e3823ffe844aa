using System.Numerics;
using System.Runtime.CompilerServices;
using Dbt.Translator.HostCode.X64;
using Dbt.Translator.Semantics;
using ValueType = Dbt.Isa.Semantics.ValueType;

namespace Dbt.Translator.Baseline;

// What an instruction does, in order.
internal sealed unsafe partial class X64BlockCompiler
{
    // In one instruction: there are scratch registers for fewer.
    private const int MostLocals = 16;

    private readonly int[] _locals = new int[MostLocals];
    private int _localCount;
    private Branch[] _branches = new Branch[4];
    private int _depth;
    private int _openLoad;
    private int _openCondition;

    private struct Branch
    {
        public X64Label Else;
        public X64Label End;
        public bool HasElse;
        public bool IsOpen;
        public bool ThenEnded;
    }

    public int ReadRegister(int file, int index, ValueType type = ValueType.U64)
    {
        if (file == 0)
        {
            if (index == _zero)
                return Expressions.Constant(type, 0);
            if ((_pending >> index & 1) != 0)
                return Expressions.Constant(type, _constants[index]);
            _uses[index]++;
        }
        return Expressions.Guest(file, index, type);
    }

    public void WriteRegister(int file, int index, int value)
    {
        BeginStatement(keepLoad: true);
        if (file == 0 && index == _zero)
        {
            ForceLoad(isUsed: false);
            // It may accrue floating-point exceptions.
            if (HasCall(value))
                Evaluate(value, Allocate());
            return;
        }
        if (_openLoad >= 0 && (!Contains(value, _openLoad) || Expressions[_openLoad].Kind == ExpressionKind.Atomic))
            ForceLoad();
        FreeLocals(file, index);
        if (file == 0)
            WriteGeneral(index, value);
        else
            WriteVector(file, index, value);
        _busy = _pinned;
    }

    private void WriteGeneral(int index, int value)
    {
        NoteWritten(1u << index);
        _uses[index]++;
        if (Expressions[value].Kind == ExpressionKind.Constant)
        {
            SetPending(index, Expressions[value].Bits);
            return;
        }
        value = ExtensionOf(index, value);
        var isOpen = false;
        var isExtended = IsExtended(value, ref isOpen);
        isOpen = false;
        if (_map.IsMapped(0, index, out var host))
        {
            var lower = LowerHalf(value);
            isOpen = lower >= 0;
            Evaluate(isOpen ? lower : value, host);
        }
        else
        {
            var scratch = UseFor(index, value);
            _asm.Mov(X64Size.Qword, _map.Home(0, index), scratch);
            SetCopy(scratch, index);
        }
        EndShiftToTop();
        SetExtended(index, isExtended, isOpen);
        SetWritten(index, value);
    }

    // Reads happen at entry: a local that is still to be read from a register is, before the register changes. Other values are evaluated now.
    public int Local(int value)
    {
        ForceLoad();
        ref var expression = ref Expressions[Strip(value)];
        if (expression.Kind is ExpressionKind.Constant or ExpressionKind.Host)
            return value;
        var local = Expressions.Copy(value);
        if (expression.Kind != ExpressionKind.Guest)
            Pin(local);
        if (_localCount == MostLocals)
            Decline();
        else
            _locals[_localCount++] = local;
        return local;
    }

    public int Load(ValueType type, int address)
    {
        BeginStatement();
        return _openLoad = Expressions.Access(ExpressionKind.Load, type, address);
    }

    public void Store(ValueType type, int address, int value)
    {
        BeginStatement();
        var size = SizeOf(type);
        var stripped = StripNarrowing(value, type.Bits());
        if (_system)
        {
            StoreThroughTlb(type, address, stripped);
            return;
        }
        ref var expression = ref Expressions[stripped];
        if (expression.Kind == ExpressionKind.Constant && expression.Bits == (int)expression.Bits)
        {
            var bits = (int)expression.Bits;
            var target = Address(address);
            NoteAccess();
            _asm.Mov(size, target, bits);
        }
        else if (expression.Kind == ExpressionKind.Guest && _map.IsVector(expression.File, expression.Register, out var vector) && type.Bits() >= 32)
        {
            var target = Address(address);
            NoteAccess();
            _asm.Movs(PrecisionOf(type), target, vector);
        }
        else
        {
            var source = Use(stripped);
            var target = Address(address);
            NoteAccess();
            _asm.Mov(size, target, source);
        }
        NoteWalk();
        _busy = _pinned;
    }

    // The host keeps every order but that of a load behind a store.
    public void Fence()
    {
        BeginStatement();
        // Devices are others, too, but they use no atomics.
        if (_locks || _system)
            _asm.LockAlu(X64Alu.Or, X64Size.Dword, X64Memory.At(X64Register.Rsp), 0);
    }

    public void If(int condition)
    {
        BeginStatement();
        _openCondition = condition;
        if (_depth == _branches.Length)
            Array.Resize(ref _branches, 2 * _depth);
        _branches[_depth++] = new Branch { IsOpen = true };
    }

    public void Else()
    {
        ref var branch = ref _branches[_depth - 1];
        if (_openCondition >= 0)
            OpenBranch();
        FlushPending();
        branch.HasElse = true;
        branch.ThenEnded = _ended;
        _ended = false;
        ForgetFacts();
        if (!branch.IsOpen)
            return;
        if (!branch.ThenEnded)
            _asm.Jmp(ref branch.End);
        _asm.Bind(ref branch.Else);
        _flagsAt = -1;
    }

    public void EndIf()
    {
        ref var branch = ref _branches[--_depth];
        if (_openCondition >= 0)
        {
            _openCondition = -1;
            return;
        }
        if (!branch.IsOpen)
        {
            // The condition became a conditional jump out of the block; this is the other way.
            if (!branch.HasElse)
                _ended = false;
            return;
        }
        FlushPending();
        ForgetFacts();
        _flagsAt = -1;
        if (!branch.HasElse)
        {
            _asm.Bind(ref branch.Else);
            _ended = false;
            return;
        }
        _asm.Bind(ref branch.End);
        _ended &= branch.ThenEnded;
    }

    public void Jump(int target)
    {
        ref var expression = ref Expressions[target];
        if (expression.Kind == ExpressionKind.Constant)
        {
            var address = (ulong)expression.Bits;
            if (_openCondition < 0)
            {
                BeginStatement();
                FlushPending();
                PollForConstant(address);
                LeaveTo(address);
                return;
            }
            var isAhead = Ahead(address) >= 0;
            if (IsLast || isAhead)
                FlushPending();
            var condition = Test(_openCondition);
            _busy = _pinned;
            _openCondition = -1;
            _branches[_depth - 1].IsOpen = false;
            if (isAhead)
                JumpAhead(address, condition);
            else
                LeaveTo(address, condition);
            _ended = true;
            return;
        }
        BeginStatement();
        FlushPending();
        Evaluate(target, X64Register.Rax);
        if (_system)
            PollAttention(FaultSite.Jumped);
        else if (!_counts)
            NoteSite(FaultSite.Jumped);
        _asm.Mov(X64Size.Qword, X64Register.Rdx, _map.Field(_counts || _system ? X64RegisterMap.JumpCache : X64RegisterMap.Poll));
        UndoExchanges(_written);
        // JumpCacheEntry.Find
        _asm.Mov(X64Size.Dword, X64Register.Rcx, X64Register.Rax);
        _asm.And(X64Size.Dword, X64Register.Rcx, 2 * (JumpEntries - 1));
        _asm.Cmp(X64Size.Qword, X64Memory.At(X64Register.Rdx, X64Register.Rcx, 8), X64Register.Rax);
        _asm.Jcc(X64Condition.NotEqual, _stubs.IndirectExit);
        _asm.Jmp(X64Memory.At(X64Register.Rdx, X64Register.Rcx, 8, 8));
        _ended = true;
    }

    // A jump back that is direct only because its register is a known constant.
    private void PollForConstant(ulong target)
    {
        if (_counts && !_system || target > Current.Pc || JumpsBack())
            return;
        _asm.Mov(X64Register.Rax, target);
        Poll(FaultSite.Jumped);
    }

    private static X64Size SizeOf(ValueType type) => type.Bits() switch
    {
        8 => X64Size.Byte,
        16 => X64Size.Word,
        32 => X64Size.Dword,
        _ => X64Size.Qword,
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void BeginStatement(bool keepLoad = false)
    {
        if (!keepLoad)
            ForceLoad();
        if (_openCondition >= 0)
            OpenBranch();
        _busy = _pinned;
    }

    // The condition guards more than a jump out of the block.
    private void OpenBranch()
    {
        FlushPending();
        var condition = Test(_openCondition);
        _openCondition = -1;
        _asm.Jcc((X64Condition)((int)condition ^ 1), ref _branches[_depth - 1].Else);
        _busy = _pinned;
    }

    private void SetPending(int index, long value)
    {
        if ((_pending >> index & 1) == 0 && BitOperations.PopCount(_pending) >= MostPending)
            FlushPending();
        _undo.Add(new(index, _constants[index]));
        _constants[index] = value;
        _pending |= 1u << index;
        SetExtended(index, value == (int)value, false);
        _pendingRecord = -1;
        _checked &= ~(1u << index);
        _derived &= ~(1u << index);
        ForgetCopiesOf(index);
    }

    // What is known of a register after it was written.
    private void SetWritten(int index, int value)
    {
        var bit = 1u << index;
        if ((_pending & bit) != 0)
        {
            _pending &= ~bit;
            _pendingRecord = -1;
        }
        // A register that moves by constants stays near to what was checked: within the guard areas around the guest's window.
        var register = BaseAndDistance(value, out var distance);
        if (register != index)
            _derived &= ~bit;
        if (register >= 0 && (_checked >> register & 1) != 0 && IsNear(_drift[register] + distance))
        {
            _drift[index] = (int)(_drift[register] + distance);
            _checked |= bit;
            _walked = _walked & ~bit | (_walked >> register & 1) << index;
        }
        else
        {
            _checked &= ~bit;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void FreeLocals(int file, int index)
    {
        for (var i = 0; i < _localCount; i++)
        {
            if (IsGuest(_locals[i], file, index))
                Pin(_locals[i]);
        }
    }

    private bool IsGuest(int place, int file, int index)
    {
        ref var expression = ref Expressions[Strip(place)];
        return expression.Kind == ExpressionKind.Guest && expression.File == file && expression.Register == index;
    }

    // Evaluates into a scratch register that stays taken until the instruction's end.
    private void Pin(int local)
    {
        var type = Expressions[local].Type;
        var scratch = Allocate();
        Evaluate(local, scratch);
        _pinned |= 1u << (int)scratch;
        _busy = _pinned;
        Expressions[local].SetRegister(ExpressionKind.Host, type, 0, (int)scratch);
    }

    private bool Contains(int place, int wanted)
    {
        if (place == wanted)
            return true;
        ref var expression = ref Expressions[place];
        return expression.Kind switch
        {
            ExpressionKind.Unary or ExpressionKind.Convert or ExpressionKind.Load => Contains(expression.A, wanted),
            ExpressionKind.Binary or ExpressionKind.Call => Contains(expression.A, wanted) || Contains(expression.B, wanted),
            ExpressionKind.Select =>
                Contains(expression.A, wanted) || Contains(expression.B, wanted) || Contains(expression.C, wanted),
            _ => false,
        };
    }

    private bool HasCall(int place)
    {
        ref var expression = ref Expressions[place];
        return expression.Kind switch
        {
            ExpressionKind.Unary or ExpressionKind.Convert => HasCall(expression.A),
            ExpressionKind.Binary => HasCall(expression.A) || HasCall(expression.B),
            ExpressionKind.Select => HasCall(expression.A) || HasCall(expression.B) || HasCall(expression.C),
            _ => expression.Kind == ExpressionKind.Call,
        };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void ForceLoad(bool isUsed = true)
    {
        if (_openLoad >= 0)
            ForceOpenLoad(isUsed);
    }

    private void ForceOpenLoad(bool isUsed)
    {
        if (Expressions[_openLoad].Kind == ExpressionKind.Atomic)
            EmitAtomic(_openLoad, isUsed);
        else
            Pin(_openLoad);
        _openLoad = -1;
    }
}
