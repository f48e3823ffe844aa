using Dbt.Isa.FloatingPoint;
using Dbt.Isa.Semantics;
using Dbt.Translator.HostCode.X64;
using Dbt.Translator.Semantics;
using ValueType = Dbt.Isa.Semantics.ValueType;

namespace Dbt.Translator.Baseline;

// Arithmetic, comparison and conversion. The host's flags and results are the standard's; what is special about RISC-V's is that every NaN
// result is the canonical one, and what becomes of numbers that do not fit integers.
internal sealed unsafe partial class X64BlockCompiler
{
    private void EvaluateFloat(in Expression call, XmmRegister destination)
    {
        var precision = PrecisionOf(call.Type);
        switch ((Intrinsic)call.Operator)
        {
            case Intrinsic.FpAdd:
                Arithmetic(X64Scalar.Add, call, precision, destination);
                break;
            case Intrinsic.FpSubtract:
                Arithmetic(X64Scalar.Sub, call, precision, destination);
                break;
            case Intrinsic.FpMultiply:
                Arithmetic(X64Scalar.Mul, call, precision, destination);
                break;
            case Intrinsic.FpDivide:
                Arithmetic(X64Scalar.Div, call, precision, destination);
                break;
            case Intrinsic.FpSquareRoot when Rounds(call, call.B):
                EvaluateVector(call.A, destination);
                _asm.Scalar(X64Scalar.Sqrt, precision, destination, destination);
                Canonicalize(precision, destination);
                break;
            case Intrinsic.FpFusedMultiplyAdd when _features.Fma && Rounds(call, (int)call.Bits):
                FusedMultiplyAdd(call, precision, destination);
                break;
            case Intrinsic.FpMinimumNumber:
                Select(X64Scalar.Min, call, precision, destination);
                break;
            case Intrinsic.FpMaximumNumber:
                Select(X64Scalar.Max, call, precision, destination);
                break;
            case Intrinsic.FpToSingle or Intrinsic.FpToDouble when Expressions[call.A].Type.IsFloat():
                ConvertPrecision(call, precision, destination);
                break;
            case Intrinsic.FpToSingle or Intrinsic.FpToDouble:
                ConvertFromInteger(call, precision, destination);
                break;
            default:
                Decline();
                break;
        }
    }

    private void Arithmetic(X64Scalar operation, in Expression call, X64Precision precision, XmmRegister destination)
    {
        if (!Rounds(call, call.C))
            return;
        var a = UseVector(call.A, XmmRegister.Xmm0);
        var b = OperandVector(call.B, XmmRegister.Xmm1);
        if (_features.Avx)
        {
            if (b.IsMemory)
                _asm.VScalar(operation, precision, destination, a, b.Memory);
            else
                _asm.VScalar(operation, precision, destination, a, b.Register);
        }
        else
        {
            var result = b.Is(destination) ? XmmRegister.Xmm0 : destination;
            Copy(result, a);
            Apply(operation, precision, result, b);
            Copy(destination, result);
        }
        Canonicalize(precision, destination);
    }

    private void Copy(XmmRegister destination, XmmRegister source)
    {
        if (destination != source)
            _asm.Movaps(destination, source);
    }

    private void Apply(X64Scalar operation, X64Precision precision, XmmRegister destination, in VectorOperand source)
    {
        if (source.IsMemory)
            _asm.Scalar(operation, precision, destination, source.Memory);
        else
            _asm.Scalar(operation, precision, destination, source.Register);
    }

    // A NaN becomes the canonical one.
    private void Canonicalize(X64Precision precision, XmmRegister register)
    {
        _asm.Ucomis(precision, register, register);
        ref var cold = ref AddCold(ColdKind.CanonicalNaN);
        cold.Vector = register;
        cold.Precision = precision;
        _asm.Jcc(X64Condition.Parity, ref cold.Label);
        cold.Back = _asm.Address;
    }

    // Infinity times zero is invalid for the guest whatever is added, for the host not beside a quiet NaN: NaNs are the interpreter's.
    private void FusedMultiplyAdd(in Expression call, X64Precision precision, XmmRegister destination)
    {
        var (a, b, c) = (call.A, call.B, call.C);
        var subtracts = StripNegation(ref a) ^ StripNegation(ref b);
        var operation = (subtracts, StripNegation(ref c)) switch
        {
            (false, false) => X64FusedMultiply.Fmadd213,
            (false, true) => X64FusedMultiply.Fmsub213,
            (true, false) => X64FusedMultiply.Fnmadd213,
            _ => X64FusedMultiply.Fnmsub213,
        };
        EvaluateVector(a, XmmRegister.Xmm0);
        var factor = UseVector(b, XmmRegister.Xmm1);
        // Only registers are negated, so that no operand wants a third scratch register.
        var addend = OperandVector(c, XmmRegister.Xmm1);
        if (addend.IsMemory)
            _asm.FusedMultiply(operation, precision, XmmRegister.Xmm0, factor, addend.Memory);
        else if (addend.Is(XmmRegister.Xmm1))
            Decline();
        else
            _asm.FusedMultiply(operation, precision, XmmRegister.Xmm0, factor, addend.Register);
        _asm.Ucomis(precision, XmmRegister.Xmm0, XmmRegister.Xmm0);
        _asm.Jcc(X64Condition.Parity, ref AddCold(ColdKind.StepAndReturn).Label);
        Copy(destination, XmmRegister.Xmm0);
    }

    private bool StripNegation(ref int place)
    {
        ref var expression = ref Expressions[place];
        if (expression.Kind != ExpressionKind.Unary)
            return false;
        place = expression.A;
        return true;
    }

    // Equal numbers, which may be zeros of both signs: the host gives its second operand, so that gets the sign that counts. NaNs are
    // the interpreter's.
    private void Select(X64Scalar operation, in Expression call, X64Precision precision, XmmRegister destination)
    {
        EvaluateVector(call.A, XmmRegister.Xmm0);
        EvaluateVector(call.B, XmmRegister.Xmm1);
        _asm.Ucomis(precision, XmmRegister.Xmm0, XmmRegister.Xmm1);
        _asm.Jcc(X64Condition.Parity, ref AddCold(ColdKind.StepAndReturn).Label);
        X64Label different = default;
        _asm.JccShort(X64Condition.NotEqual, ref different);
        if (operation == X64Scalar.Min)
            _asm.Orps(XmmRegister.Xmm1, XmmRegister.Xmm0);
        else
            _asm.Andps(XmmRegister.Xmm1, XmmRegister.Xmm0);
        _asm.Bind(ref different);
        _asm.Scalar(operation, precision, XmmRegister.Xmm0, XmmRegister.Xmm1);
        Copy(destination, XmmRegister.Xmm0);
    }

    // Sets the flags. Less: signaling, and false for NaNs; equal: quiet.
    private bool TryCompare(in Expression call, out X64Condition condition)
    {
        var intrinsic = (Intrinsic)call.Operator;
        condition = intrinsic == Intrinsic.FpLess ? X64Condition.Above : X64Condition.AboveOrEqual;
        if (intrinsic is not (Intrinsic.FpEqual or Intrinsic.FpLess or Intrinsic.FpLessOrEqual))
            return false;
        var precision = PrecisionOf(Expressions[call.A].Type);
        if (intrinsic != Intrinsic.FpEqual)
        {
            var left = OperandVector(call.A, XmmRegister.Xmm0);
            var right = UseVector(call.B, XmmRegister.Xmm1);
            if (left.IsMemory)
                _asm.Comis(precision, right, left.Memory);
            else
                _asm.Comis(precision, right, left.Register);
            return true;
        }
        var a = UseVector(call.A, XmmRegister.Xmm0);
        var b = OperandVector(call.B, XmmRegister.Xmm1);
        if (b.IsMemory)
            _asm.Ucomis(precision, a, b.Memory);
        else
            _asm.Ucomis(precision, a, b.Register);
        var busy = _busy;
        var ordered = Allocate();
        var equal = Allocate();
        _asm.Set(X64Condition.NoParity, ordered);
        _asm.Set(X64Condition.Equal, equal);
        _asm.Test(X64Size.Byte, ordered, equal);
        _busy = busy;
        condition = X64Condition.NotEqual;
        return true;
    }

    private void ConvertPrecision(in Expression call, X64Precision precision, XmmRegister destination)
    {
        // Widening is exact.
        if (precision == X64Precision.Single && !Rounds(call, call.B))
            return;
        var source = UseVector(call.A, XmmRegister.Xmm1);
        if (precision == X64Precision.Double)
        {
            _asm.Cvts2s(X64Precision.Single, destination, source);
        }
        else
        {
            _asm.Movs(X64Precision.Double, XmmRegister.Xmm0, Constant(_stubs.Tables.Box));
            _asm.Cvts2s(X64Precision.Double, XmmRegister.Xmm0, source);
            Copy(destination, XmmRegister.Xmm0);
        }
        Canonicalize(precision, destination);
    }

    private void ConvertFromInteger(in Expression call, X64Precision precision, XmmRegister destination)
    {
        var type = Expressions[call.A].Type;
        if ((precision == X64Precision.Single || type.Bits() == 64) && !Rounds(call, call.B))
            return;
        var busy = _busy;
        var source = Use(call.A);
        // What is above the result; and the instruction does not wait for what was in the register.
        if (precision == X64Precision.Single)
            _asm.Movs(X64Precision.Double, destination, Constant(_stubs.Tables.Box));
        else
            _asm.Xorps(destination, destination);
        switch (type)
        {
            case ValueType.I32:
                _asm.Cvtsi2s(precision, X64Size.Dword, destination, source);
                break;
            case ValueType.U32:
                var wide = Allocate();
                _asm.Mov(X64Size.Dword, wide, source);
                _asm.Cvtsi2s(precision, X64Size.Qword, destination, wide);
                break;
            case ValueType.I64:
                _asm.Cvtsi2s(precision, X64Size.Qword, destination, source);
                break;
            default:
                ConvertFromUnsigned(source, precision, destination);
                break;
        }
        _busy = busy;
    }

    // Half of a number with the upper bit set, rounded to odd, is converted and doubled: exact but for one rounding.
    private void ConvertFromUnsigned(X64Register source, X64Precision precision, XmmRegister destination)
    {
        X64Label large = default, end = default;
        var half = Allocate();
        var lowest = Allocate();
        _asm.Test(X64Size.Qword, source, source);
        _asm.Jcc(X64Condition.Sign, ref large);
        _asm.Cvtsi2s(precision, X64Size.Qword, destination, source);
        _asm.Jmp(ref end);
        _asm.Bind(ref large);
        _asm.Mov(X64Size.Dword, lowest, source);
        _asm.And(X64Size.Dword, lowest, 1);
        _asm.Mov(X64Size.Qword, half, source);
        _asm.Shr(X64Size.Qword, half, 1);
        _asm.Or(X64Size.Qword, half, lowest);
        _asm.Cvtsi2s(precision, X64Size.Qword, destination, half);
        _asm.Scalar(X64Scalar.Add, precision, destination, destination);
        _asm.Bind(ref end);
    }

    // What gives an integer, and values on their way into general-purpose registers.
    private void EvaluateFloat(in Expression call, int place, X64Register destination)
    {
        switch ((Intrinsic)call.Operator)
        {
            case Intrinsic.FpToInt32 or Intrinsic.FpToUInt32 or Intrinsic.FpToInt64 or Intrinsic.FpToUInt64:
                ConvertToInteger(call, destination);
                break;
            case Intrinsic.FpEqual or Intrinsic.FpLess or Intrinsic.FpLessOrEqual:
                EvaluateCondition(place, destination);
                break;
            case Intrinsic.FpClassify:
                Classify(call, destination);
                break;
            case Intrinsic.FpBox or Intrinsic.FpUnbox:
            case var _ when call.Type.IsFloat():
                _asm.Movd(X64Size.Qword, destination, UseVector(place, XmmRegister.Xmm0));
                break;
            default:
                Decline();
                break;
        }
    }

    private void Classify(in Expression call, X64Register destination)
    {
        if (!TryTake(X64Register.Rax, destination) || !TryTake(X64Register.Rcx, destination) || !TryTake(X64Register.Rdx, destination))
            return;
        _asm.Movd(X64Size.Qword, X64Register.Rax, UseVector(call.A, XmmRegister.Xmm0));
        if (Expressions[call.A].Type == ValueType.F32)
            _asm.Shl(X64Size.Qword, X64Register.Rax, 32);
        _asm.Call(Expressions[call.A].Type == ValueType.F32 ? _stubs.ClassifySingle : _stubs.ClassifyDouble);
        if (destination != X64Register.Rax)
            _asm.Mov(X64Size.Dword, destination, X64Register.Rax);
    }

    private void ConvertToInteger(in Expression call, X64Register destination)
    {
        var intrinsic = (Intrinsic)call.Operator;
        var signed = intrinsic is Intrinsic.FpToInt32 or Intrinsic.FpToInt64;
        var size = intrinsic == Intrinsic.FpToInt32 ? X64Size.Dword : X64Size.Qword;
        var precision = PrecisionOf(Expressions[call.A].Type);
        var mode = Expressions[call.B].Bits;
        var isHosts = mode is DynamicMode or (long)FloatingPointRounding.TowardZero;
        if (Expressions[call.B].Kind != ExpressionKind.Constant || mode == (long)FloatingPointRounding.NearestAway || !isHosts && !_features.Sse41)
        {
            Decline();
            return;
        }
        var source = UseVector(call.A, XmmRegister.Xmm0);
        if (!isHosts || !signed)
            WantRange(call, precision, source);
        if (!isHosts)
        {
            _asm.Rounds(precision, XmmRegister.Xmm0, source, RoundingControl((FloatingPointRounding)mode));
            source = XmmRegister.Xmm0;
        }
        var busy = _busy;
        var result = Allocate();
        if (mode == DynamicMode)
            _asm.Cvts2si(precision, size, result, source);
        else
            _asm.Cvtts2si(precision, size, result, source);
        if (isHosts && signed)
        {
            // What does not fit gives the smallest integer.
            _asm.Cmp(size, result, 1);
            _asm.Jcc(X64Condition.Overflow, ref AddCold(ColdKind.StepAndReturn).Label);
        }
        _asm.Mov(X64Size.Qword, destination, result);
        _busy = busy;
    }

    // Leaves to the interpreter what may not fit in some direction, or not into a signed integer of 64 bits. No flag is raised before.
    private void WantRange(in Expression call, X64Precision precision, XmmRegister source)
    {
        var (low, high) = _stubs.Tables.RangeOf((Intrinsic)call.Operator, precision);
        _asm.Ucomis(precision, source, Constant((byte*)low));
        _asm.Jcc(X64Condition.Below, ref AddCold(ColdKind.StepAndReturn).Label);
        _asm.Ucomis(precision, source, Constant((byte*)high));
        _asm.Jcc(X64Condition.Above, ref AddCold(ColdKind.StepAndReturn).Label);
    }

    private static byte RoundingControl(FloatingPointRounding rounding) => rounding switch
    {
        FloatingPointRounding.Down => 1,
        FloatingPointRounding.Up => 2,
        FloatingPointRounding.TowardZero => 3,
        _ => 0,
    };
}
