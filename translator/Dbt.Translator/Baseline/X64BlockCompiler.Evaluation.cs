using System.Runtime.CompilerServices;
using Dbt.Isa.Semantics;
using Dbt.Translator.HostCode.X64;
using Dbt.Translator.Semantics;
using ValueType = Dbt.Isa.Semantics.ValueType;

namespace Dbt.Translator.Baseline;

// Values to registers. A value of up to 32 bits is in the low half of its register, extended to 32 bits by its type; the upper half is
// anything. The destination of a value may be a register that the value reads: nothing is written before what reads it is done.
internal sealed unsafe partial class X64BlockCompiler
{
    private const uint Scratch = 1u << (int)X64Register.Rax | 1u << (int)X64Register.Rcx | 1u << (int)X64Register.Rdx;

    // Scratch registers in use, and those that are until the instruction's end.
    private uint _busy;
    private uint _pinned;

    private X64Register Allocate()
    {
        var free = Scratch & ~_busy;
        if (free == 0)
        {
            _declined = true;
            return X64Register.Rax;
        }
        // Those without a copy first, and rdx before rcx, which shifts want.
        var register = X64Register.Rcx;
        if ((free >> (int)X64Register.Rax & 1) != 0 && _copies[(int)X64Register.Rax] < 0)
            register = X64Register.Rax;
        else if ((free >> (int)X64Register.Rdx & 1) != 0 && _copies[(int)X64Register.Rdx] < 0)
            register = X64Register.Rdx;
        else if ((free >> (int)X64Register.Rcx & 1) == 0 || _copies[(int)X64Register.Rcx] >= 0)
            register = (free & 1) != 0 ? X64Register.Rax : (free >> (int)X64Register.Rdx & 1) != 0 ? X64Register.Rdx : X64Register.Rcx;
        _busy |= 1u << (int)register;
        _copies[(int)register] = -1;
        return register;
    }

    private bool TryTake(X64Register register, X64Register unless)
    {
        if (register != unless && (_busy >> (int)register & 1) != 0)
        {
            _declined = true;
            return false;
        }
        _busy |= 1u << (int)register;
        _copies[(int)register] = -1;
        return true;
    }

    // Without conversions that change nothing in the low bits that count.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Strip(int place)
    {
        var inner = place;
        while ((Expressions[inner].Traits & ExpressionTraits.KeepsLowBits) != 0)
            inner = Expressions[inner].A;
        return _open == 0 || Expressions[inner].Kind != ExpressionKind.Guest ? inner : Read(place, inner);
    }

    // The same for a value of 64 bits, all of which count.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Strip64(int place)
    {
        place = SkipViews(place);
        return _open == 0 || Expressions[place].Kind != ExpressionKind.Guest ? place : Read(place, place);
    }

    // What a store of the low bits stores.
    private int StripNarrowing(int place, int bits)
    {
        for (; ; )
        {
            place = Strip(place);
            ref var expression = ref Expressions[place];
            if (expression.Kind != ExpressionKind.Convert || expression.Type.Bits() < bits || Expressions[expression.A].Type.Bits() < bits)
                return place;
            place = expression.A;
        }
    }

    private bool IsLeaf(int place) => Expressions[Strip(place)].Kind is ExpressionKind.Constant or ExpressionKind.Guest or ExpressionKind.Host;

    private HostOperand OperandOf(int place)
    {
        place = Strip(place);
        ref var expression = ref Expressions[place];
        switch (expression.Kind)
        {
            case ExpressionKind.Constant when expression.Bits == (int)expression.Bits:
                return HostOperand.Of((int)expression.Bits);
            case ExpressionKind.Constant when expression.Type.Bits() <= 32:
                return HostOperand.Of((int)expression.Bits);
            case ExpressionKind.Guest when !_map.IsVector(expression.File, expression.Register, out _) && (!IsHeld(expression, out var held) || !TryHold(held)):
                return HostOperand.Of(_map.Home(expression.File, expression.Register));
            default:
                return HostOperand.Of(Use(place));
        }
    }

    // A register that holds the value: its own, or a scratch register.
    private X64Register Use(int place)
    {
        place = Strip(place);
        ref var expression = ref Expressions[place];
        if (expression.Kind == ExpressionKind.Host)
            return (X64Register)expression.Register;
        var isGuest = expression.Kind == ExpressionKind.Guest;
        if (isGuest && IsHeld(expression, out var host))
        {
            _busy |= 1u << (int)host & Scratch;
            return host;
        }
        var scratch = Allocate();
        var (file, register) = (expression.File, expression.Register);
        Evaluate(place, scratch);
        if (isGuest && file == 0)
            SetCopy(scratch, register);
        return scratch;
    }

    // The same for the value of a guest register that is not in a host register: on top of its copy, if there is one.
    private X64Register UseFor(int index, int place)
    {
        place = Strip(place);
        if (IsLeaf(place))
            return Use(place);
        var copy = ScratchNumbers - 1;
        while (copy >= 0 && _copies[copy] != index)
            copy--;
        var scratch = copy < 0 || (_busy >> copy & 1) != 0 ? Allocate() : (X64Register)copy;
        _busy |= 1u << (int)scratch;
        Evaluate(place, scratch);
        return scratch;
    }

    // A scratch register with a copy is read only if another one stays free: memory needs none.
    private bool TryHold(X64Register held)
    {
        var bit = 1u << (int)held & Scratch;
        if (bit != 0 && (Scratch & ~(_busy | bit)) == 0)
            return false;
        _busy |= bit;
        return true;
    }

    private void Evaluate(int place, X64Register destination)
    {
        place = Strip(place);
        ref var expression = ref Expressions[place];
        var busy = _busy | 1u << (int)destination & Scratch;
        _busy = busy;
        switch (expression.Kind)
        {
            case ExpressionKind.Constant:
                _asm.Mov(destination, expression.Type.Bits() == 32 ? (uint)expression.Bits : (ulong)expression.Bits);
                break;
            case ExpressionKind.Guest:
                if (_map.IsVector(expression.File, expression.Register, out var vector))
                    _asm.Movd(X64Size.Qword, destination, vector);
                else if (!IsHeld(expression, out var host))
                    _asm.Mov(X64Size.Qword, destination, _map.Home(expression.File, expression.Register));
                else if (host != destination)
                    _asm.Mov(X64Size.Qword, destination, host);
                break;
            case ExpressionKind.Host:
                if (expression.Register != (byte)destination)
                    _asm.Mov(X64Size.Qword, destination, (X64Register)expression.Register);
                break;
            case ExpressionKind.Unary:
                EvaluateUnary(expression, place, destination);
                break;
            case ExpressionKind.Binary:
                EvaluateBinary(expression, place, destination);
                break;
            case ExpressionKind.Convert:
                EvaluateConvert(expression, destination);
                break;
            case ExpressionKind.Select:
                EvaluateSelect(expression, destination);
                break;
            case ExpressionKind.Load:
                EvaluateLoad(place, destination, expression.Type);
                break;
            default:
                EvaluateCall(expression, place, destination);
                break;
        }
        _busy = busy;
    }

    private void EvaluateUnary(in Expression expression, int place, X64Register destination)
    {
        var size = SizeOf(expression.Type);
        if (expression.Type.IsFloat())
        {
            _asm.Movd(X64Size.Qword, destination, UseVector(place, XmmRegister.Xmm0));
            return;
        }
        if ((UnaryOperator)expression.Operator == UnaryOperator.Not)
        {
            EvaluateCondition(place, destination);
            return;
        }
        Evaluate(expression.A, destination);
        if ((UnaryOperator)expression.Operator == UnaryOperator.Negate)
            _asm.Neg(size, destination);
        else
            _asm.Not(size, destination);
    }

    private void EvaluateConvert(in Expression expression, X64Register destination)
    {
        var from = Expressions[expression.A].Type;
        // To a narrow type: from the low bits of anything.
        if (expression.Type.Bits() < 32)
        {
            EvaluateNarrow(expression.A, expression.Type, X64Size.Dword, destination);
            return;
        }
        if (expression.Type.Bits() == 32 || from == ValueType.Bool)
        {
            Evaluate(expression.A, destination);
            return;
        }
        ref var inner = ref Expressions[expression.A];
        if (inner.Kind == ExpressionKind.Load)
        {
            EvaluateLoad(expression.A, destination, from.IsSigned() ? ValueType.I64 : from);
            return;
        }
        if (from.Bits() < 32 && inner.Kind == ExpressionKind.Convert)
        {
            EvaluateNarrow(inner.A, from, X64Size.Qword, destination);
            return;
        }
        if (from.Bits() < 32)
        {
            Evaluate(expression.A, destination);
            if (from.IsSigned())
                _asm.Movsxd(destination, destination);
            return;
        }
        var stripped = Strip(expression.A);
        if (Expressions[stripped].Kind == ExpressionKind.Load && Expressions[stripped].Type.Bits() == 32)
        {
            EvaluateLoad(stripped, destination, ValueType.I32);
            if (from.IsSigned())
                _asm.Movsxd(destination, destination);
            return;
        }
        if (!IsLeaf(stripped))
        {
            Evaluate(stripped, destination);
            if (from.IsSigned())
                _asm.Movsxd(destination, destination);
            else
                _asm.Mov(X64Size.Dword, destination, destination);
            return;
        }
        var source = OperandOf(stripped);
        switch (from.IsSigned(), source.IsMemory)
        {
            case (true, true):
                _asm.Movsxd(destination, source.Memory);
                break;
            case (true, false):
                _asm.Movsxd(destination, source.Register);
                break;
            case (false, true):
                _asm.Mov(X64Size.Dword, destination, source.Memory);
                break;
            default:
                _asm.Mov(X64Size.Dword, destination, source.Register);
                break;
        }
    }

    private void EvaluateNarrow(int place, ValueType type, X64Size size, X64Register destination)
    {
        var source = OperandOf(place);
        if (source.IsConstant)
        {
            Decline();
            return;
        }
        switch (type, source.IsMemory)
        {
            case (ValueType.I8, true):
                _asm.MovsxByte(size, destination, source.Memory);
                break;
            case (ValueType.I8, false):
                _asm.MovsxByte(size, destination, source.Register);
                break;
            case (ValueType.U8, true):
                _asm.MovzxByte(destination, source.Memory);
                break;
            case (ValueType.U8, false):
                _asm.MovzxByte(destination, source.Register);
                break;
            case (ValueType.I16, true):
                _asm.MovsxWord(size, destination, source.Memory);
                break;
            case (ValueType.I16, false):
                _asm.MovsxWord(size, destination, source.Register);
                break;
            case (_, true):
                _asm.MovzxWord(destination, source.Memory);
                break;
            default:
                _asm.MovzxWord(destination, source.Register);
                break;
        }
    }

    private void EvaluateSelect(in Expression expression, X64Register destination)
    {
        var then = Strip(expression.B);
        var otherwise = Strip(expression.C);
        if (IsConstant(then, 1) && IsConstant(otherwise, 0))
        {
            EvaluateCondition(expression.A, destination);
            return;
        }
        if (IsLeaf(then) && IsLeaf(otherwise) && TrySelectByMove(expression, then, otherwise, destination))
            return;
        CloseAll();
        var condition = Test(expression.A);
        var busy = _busy;
        X64Label other = default, end = default;
        _asm.Jcc((X64Condition)((int)condition ^ 1), ref other);
        Evaluate(then, destination);
        _busy = busy;
        _asm.Jmp(ref end);
        _asm.Bind(ref other);
        ForgetCopies();
        Evaluate(otherwise, destination);
        _asm.Bind(ref end);
        _flagsAt = -1;
        ForgetCopies();
    }

    // cmovcc: one side in the destination, the other one in a register or memory.
    private bool TrySelectByMove(in Expression expression, int then, int otherwise, X64Register destination)
    {
        var condition = Test(expression.A);
        // Constants that are moved change no flags.
        var first = otherwise;
        var second = then;
        if (IsIn(then, destination) || Expressions[then].Kind == ExpressionKind.Constant && !IsIn(otherwise, destination))
        {
            (first, second) = (then, otherwise);
            condition = (X64Condition)((int)condition ^ 1);
        }
        var source = Expressions[second].Kind == ExpressionKind.Constant ? HostOperand.Of(Use(second)) : OperandOf(second);
        if (source.Is(destination))
        {
            Decline();
            return true;
        }
        Evaluate(first, destination);
        if (source.IsMemory)
            _asm.Cmov(condition, X64Size.Qword, destination, source.Memory);
        else
            _asm.Cmov(condition, X64Size.Qword, destination, source.Register);
        return true;
    }

    private bool IsIn(int place, X64Register register)
    {
        ref var expression = ref Expressions[place];
        return expression.Kind == ExpressionKind.Host && expression.Register == (byte)register ||
            expression.Kind == ExpressionKind.Guest && IsHeld(expression, out var host) && host == register;
    }

    private bool IsConstant(int place, long value) => Expressions[place].Kind == ExpressionKind.Constant && Expressions[place].Bits == value;

    private void EvaluateCondition(int place, X64Register destination)
    {
        var condition = Test(place);
        _asm.Set(condition, destination);
        _asm.MovzxByte(destination, destination);
    }

    // Sets the flags.
    private X64Condition Test(int place)
    {
        ref var expression = ref Expressions[place];
        if (expression.Kind == ExpressionKind.Unary)
            return (X64Condition)((int)Test(expression.A) ^ 1);
        if (expression.Kind != ExpressionKind.Binary || (BinaryOperator)expression.Operator < BinaryOperator.Equal)
        {
            if (expression.Kind == ExpressionKind.Call && TryCompare(expression, out var compared))
                return compared;
            var value = Use(place);
            _asm.Test(X64Size.Dword, value, value);
            return X64Condition.NotEqual;
        }
        var type = Expressions[expression.A].Type;
        if (type.IsFloat() || type.Bits() < 32)
        {
            Decline();
            return X64Condition.Equal;
        }
        var (left, right, op) = (expression.A, expression.B, (BinaryOperator)expression.Operator);
        var isOpen = false;
        if (_open != 0 && type.Bits() == 64 && IsExtended(left, ref isOpen) && IsExtended(right, ref isOpen) && isOpen)
            (left, right) = (Cut(left), Cut(right));
        var size = SizeOf(Expressions[left].Type);
        if (Expressions[Strip(left)].Kind == ExpressionKind.Constant)
            (left, right, op) = (right, left, Mirror(op));
        var busy = _busy;
        var a = OperandOf(left);
        var b = OperandOf(right);
        if (a.IsConstant || a.IsMemory && b.IsMemory)
            a = HostOperand.Of(a.IsConstant ? UseConstant(a.Constant) : Load(a.Memory));
        switch (a.IsMemory, b.IsConstant, b.IsMemory)
        {
            case (false, true, _) when b.Constant == 0:
                _busy = busy;
                return CompareWithZero(op, size, a.Register, type.IsSigned());
            case (false, true, _):
                _asm.Cmp(size, a.Register, b.Constant);
                break;
            case (false, _, true):
                _asm.Cmp(size, a.Register, b.Memory);
                break;
            case (false, _, _):
                _asm.Cmp(size, a.Register, b.Register);
                break;
            case (true, true, _):
                _asm.Cmp(size, a.Memory, b.Constant);
                break;
            default:
                _asm.Cmp(size, a.Memory, b.Register);
                break;
        }
        _busy = busy;
        return ConditionOf(op, type.IsSigned());
    }

    // What was just computed has set the flags, but for overflow and carry, which a comparison with zero does not have.
    private X64Condition CompareWithZero(BinaryOperator op, X64Size size, X64Register register, bool signed)
    {
        var known = op switch
        {
            BinaryOperator.Equal => X64Condition.Equal,
            BinaryOperator.NotEqual => X64Condition.NotEqual,
            BinaryOperator.Less when signed => X64Condition.Sign,
            BinaryOperator.GreaterOrEqual when signed => X64Condition.NoSign,
            _ => (X64Condition?)null,
        };
        if (known is { } condition && HasFlags(size, register))
            return condition;
        _asm.Test(size, register, register);
        return ConditionOf(op, signed);
    }

    private static X64Condition ConditionOf(BinaryOperator op, bool signed) =>
        op switch
        {
            BinaryOperator.Equal => X64Condition.Equal,
            BinaryOperator.NotEqual => X64Condition.NotEqual,
            BinaryOperator.Less => signed ? X64Condition.Less : X64Condition.Below,
            BinaryOperator.LessOrEqual => signed ? X64Condition.LessOrEqual : X64Condition.BelowOrEqual,
            BinaryOperator.Greater => signed ? X64Condition.Greater : X64Condition.Above,
            _ => signed ? X64Condition.GreaterOrEqual : X64Condition.AboveOrEqual,
        };

    private X64Register Load(X64Memory memory)
    {
        var scratch = Allocate();
        _asm.Mov(X64Size.Qword, scratch, memory);
        return scratch;
    }

    private static BinaryOperator Mirror(BinaryOperator op) => op switch
    {
        BinaryOperator.Less => BinaryOperator.Greater,
        BinaryOperator.LessOrEqual => BinaryOperator.GreaterOrEqual,
        BinaryOperator.Greater => BinaryOperator.Less,
        BinaryOperator.GreaterOrEqual => BinaryOperator.LessOrEqual,
        _ => op,
    };
}
