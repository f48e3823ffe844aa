using Dbt.Isa.Semantics;
using Dbt.Translator.HostCode.X64;
using Dbt.Translator.Semantics;
using ValueType = Dbt.Isa.Semantics.ValueType;

namespace Dbt.Translator.Baseline;

// Floating-point registers and the values that go there. MXCSR's sticky flags are the guest's, and its direction is the guest's dynamic
// one, while translated code runs (X64Stubs). A vector register holds the 64 bits of a guest register; so a binary32 has ones in
// its upper half, which scalar instructions keep when their first operand has them.
internal sealed unsafe partial class X64BlockCompiler
{
    // A rounding argument: MXCSR's.
    private const int DynamicMode = -1;

    // Registers of the vector file that are known to be boxed, and whether MXCSR is known to round as the hart's dynamic mode says.
    private uint _boxed;
    private bool _roundsDynamically;

    /// <summary>The dynamic rounding mode, as long as the host has it; otherwise the instruction is the interpreter's.</summary>
    public int DynamicRounding()
    {
        if (!_roundsDynamically)
        {
            _asm.Cmp(X64Size.Dword, _map.Field(X64RegisterMap.FpRounding), X64FloatTables.LastHostRounding);
            _asm.Jcc(X64Condition.Above, ref AddCold(ColdKind.Step).Label);
            _roundsDynamically = true;
        }
        return Expressions.Constant(ValueType.I32, DynamicMode);
    }

    // Whether MXCSR rounds as an operation wants it, for certain when this was executed.
    private bool Rounds(in Expression call, int place)
    {
        ref var mode = ref Expressions[place];
        if (mode.Kind != ExpressionKind.Constant || mode.Bits > X64FloatTables.LastHostRounding)
        {
            Decline();
            return false;
        }
        if (mode.Bits != DynamicMode)
        {
            // What the rest of the block takes for granted is to hold on both ways.
            WantBoxedOperand(call.A);
            WantBoxedOperand(call.B);
            WantBoxedOperand(call.C);
            _asm.Cmp(X64Size.Dword, _map.Field(X64RegisterMap.FpRounding), (int)mode.Bits);
            _asm.Jcc(X64Condition.NotEqual, ref AddCold(ColdKind.StepAndReturn).Label);
        }
        return true;
    }

    private void ForgetFloatFacts()
    {
        _boxed = 0;
        _roundsDynamically = false;
    }

    private static X64Precision PrecisionOf(ValueType type) => type.Bits() == 64 ? X64Precision.Double : X64Precision.Single;

    private static XmmRegister Other(XmmRegister scratch) => scratch == XmmRegister.Xmm0 ? XmmRegister.Xmm1 : XmmRegister.Xmm0;

    // A write of a register of another file than the general-purpose one.
    private void WriteVector(int file, int index, int value)
    {
        var boxed = Expressions[value] is { Kind: ExpressionKind.Call, Operator: (byte)Intrinsic.FpBox };
        if (_map.IsVector(file, index, out var host))
        {
            EvaluateVector(value, host);
        }
        else
        {
            var result = UseVector(value, XmmRegister.Xmm0);
            _asm.Movs(X64Precision.Double, _map.Home(file, index), result);
        }
        if (file == _map.VectorFile)
            _boxed = boxed ? _boxed | 1u << index : _boxed & ~(1u << index);
    }

    // The value in a vector register: its own, or the given scratch register.
    private XmmRegister UseVector(int place, XmmRegister scratch)
    {
        var operand = OperandVector(place, scratch);
        if (!operand.IsMemory)
            return operand.Register;
        _asm.Movs(X64Precision.Double, scratch, operand.Memory);
        return scratch;
    }

    private VectorOperand OperandVector(int place, XmmRegister scratch)
    {
        place = StripVector(place, out var unboxes);
        ref var expression = ref Expressions[place];
        if (expression.Kind == ExpressionKind.Guest && expression.File == _map.VectorFile)
        {
            if (unboxes)
                WantBoxed(expression.Register);
            return _map.IsVector(expression.File, expression.Register, out var host)
                ? VectorOperand.Of(host)
                : VectorOperand.Of(_map.Home(expression.File, expression.Register));
        }
        EvaluateVector(place, scratch);
        return VectorOperand.Of(scratch);
    }

    // Through views of the same 64 bits; whether it came through a check that they are boxed.
    private int StripVector(int place, out bool unboxes)
    {
        unboxes = false;
        for (; ; )
        {
            ref var expression = ref Expressions[place];
            if (expression.Kind == ExpressionKind.Call && (Intrinsic)expression.Operator is Intrinsic.FpToBits or Intrinsic.FpFromBits or Intrinsic.FpBox ||
                expression.Kind == ExpressionKind.Convert && expression.Type.Bits() == 64 && Expressions[expression.A].Type.Bits() == 64)
            {
                place = expression.A;
            }
            else if (expression.Kind == ExpressionKind.Call && (Intrinsic)expression.Operator == Intrinsic.FpUnbox)
            {
                unboxes = true;
                place = expression.A;
            }
            else
            {
                return place;
            }
        }
    }

    private void WantBoxedOperand(int place)
    {
        if (Expressions[place].Kind == ExpressionKind.Unary)
            place = Expressions[place].A;
        if (Expressions[place] is { Kind: ExpressionKind.Call, Operator: (byte)Intrinsic.FpUnbox })
            OperandVector(place, XmmRegister.Xmm0);
    }

    // What is not boxed counts as a NaN, and stays what it is: it is seldom, and the rest of the block does not expect it.
    private void WantBoxed(int register)
    {
        if ((_boxed >> register & 1) != 0)
            return;
        if (_map.IsVector(_map.VectorFile, register, out var host))
        {
            var busy = _busy;
            var upper = Allocate();
            _asm.Movd(X64Size.Qword, upper, host);
            _asm.Sar(X64Size.Qword, upper, 32);
            _asm.Cmp(X64Size.Dword, upper, -1);
            _busy = busy;
        }
        else
        {
            _asm.Cmp(X64Size.Dword, _map.HomeUpper(_map.VectorFile, register), -1);
        }
        _asm.Jcc(X64Condition.NotEqual, ref AddCold(ColdKind.Step).Label);
        _boxed |= 1u << register;
    }

    // A binary32, and a value of 32 bits on its way into a register, becomes boxed. The destination may be a source.
    private void EvaluateVector(int place, XmmRegister destination)
    {
        var single = Expressions[place].Type.Bits() == 32 || Expressions[place] is { Kind: ExpressionKind.Call, Operator: (byte)Intrinsic.FpBox };
        place = StripVector(place, out var unboxes);
        var expression = Expressions[place];
        switch (expression.Kind)
        {
            case ExpressionKind.Guest when expression.File == _map.VectorFile:
                if (unboxes)
                    WantBoxed(expression.Register);
                if (!_map.IsVector(expression.File, expression.Register, out var host))
                    _asm.Movs(X64Precision.Double, destination, _map.Home(expression.File, expression.Register));
                else if (host != destination)
                    _asm.Movaps(destination, host);
                return;
            case ExpressionKind.Load when expression.Type.Bits() >= 32:
                if (place == _openLoad)
                    _openLoad = -1;
                var source = _system ? ThroughTlb(expression.A, expression.Type, TlbAccess.Load) : Address(expression.A);
                NoteAccess();
                _asm.Movs(PrecisionOf(expression.Type), destination, source);
                NoteWalk();
                break;
            case ExpressionKind.Unary when expression.Type.IsFloat():
                EvaluateVector(expression.A, destination);
                _asm.Xorps(destination, Constant(expression.Type == ValueType.F64 ? _stubs.Tables.SignDouble : _stubs.Tables.SignSingle));
                return;
            case ExpressionKind.Binary when TryInjectSign(expression, destination):
                return;
            case ExpressionKind.Call when expression.Type.IsFloat():
                EvaluateFloat(expression, destination);
                return;
            default:
                var busy = _busy;
                _asm.Movd(single ? X64Size.Dword : X64Size.Qword, destination, Use(place));
                _busy = busy;
                break;
        }
        if (single)
            _asm.Orps(destination, Constant(_stubs.Tables.Box));
    }

    private X64Memory Constant(byte* address) => _asm.RipRelative(address);

    // magnitude(x) | sign(y), magnitude(x) | ~sign(y), x ^ sign(y); when x and y are one register, these copy, negate, or make positive.
    private bool TryInjectSign(in Expression expression, XmmRegister destination)
    {
        var op = (BinaryOperator)expression.Operator;
        var sign = expression.Type.Bits() == 64 ? long.MinValue : int.MinValue;
        if (op is not (BinaryOperator.Or or BinaryOperator.Xor) || !IsMasked(expression.B, sign, out var y))
            return false;
        var x = expression.A;
        if (op == BinaryOperator.Or && !IsMasked(expression.A, ~sign, out x))
            return false;
        var inverts = Expressions[y] is { Kind: ExpressionKind.Unary, Operator: (byte)UnaryOperator.Complement };
        if (inverts)
            y = Expressions[y].A;
        var isDouble = expression.Type.Bits() == 64;
        var tables = _stubs.Tables;
        var signBit = isDouble ? tables.SignDouble : tables.SignSingle;
        var magnitude = isDouble ? tables.MagnitudeDouble : tables.MagnitudeSingle;
        if (IsSameRegister(x, y))
        {
            EvaluateVector(x, destination);
            if (op == BinaryOperator.Xor)
                _asm.Andps(destination, Constant(magnitude));
            else if (inverts)
                _asm.Xorps(destination, Constant(signBit));
            return true;
        }
        EvaluateVector(y, XmmRegister.Xmm1);
        if (inverts)
            _asm.Andnps(XmmRegister.Xmm1, Constant(signBit));
        else
            _asm.Andps(XmmRegister.Xmm1, Constant(signBit));
        EvaluateVector(x, destination);
        if (op == BinaryOperator.Xor)
        {
            _asm.Xorps(destination, XmmRegister.Xmm1);
            return true;
        }
        _asm.Andps(destination, Constant(magnitude));
        _asm.Orps(destination, XmmRegister.Xmm1);
        return true;
    }

    private bool IsMasked(int place, long mask, out int value)
    {
        ref var expression = ref Expressions[place];
        value = expression.A;
        return expression.Kind == ExpressionKind.Binary && (BinaryOperator)expression.Operator == BinaryOperator.And && IsConstant(expression.B, mask);
    }

    private bool IsSameRegister(int first, int second)
    {
        ref var a = ref Expressions[StripVector(first, out _)];
        ref var b = ref Expressions[StripVector(second, out _)];
        return a.Kind == ExpressionKind.Guest && b.Kind == ExpressionKind.Guest && a.File == b.File && a.Register == b.Register;
    }
}
