using Dbt.Isa.FloatingPoint;
using Dbt.Isa.Semantics;
using Dbt.Translator.HostCode.X64;
using ValueType = Dbt.Isa.Semantics.ValueType;

namespace Dbt.Translator.Baseline;

// binary64 to nearest by the host's instructions, where they can do nothing to the flags but set Inexact, which is set already: the
// result is normal (a NaN, an infinity, an overflow, a division by zero, an underflow and a zero are not). Everything else is
// the interpreter's: the instruction is executed once more there, and the block goes on behind it.
internal sealed unsafe partial class X64BlockCompiler
{
    /// <summary>The dynamic rounding mode, if it is nearest; otherwise the instruction is the interpreter's.</summary>
    public int DynamicRounding()
    {
        _asm.Cmp(X64Size.Dword, _map.Field(X64RegisterMap.FpRounding), (int)FloatingPointRounding.NearestEven);
        _asm.Jcc(X64Condition.NotEqual, ref AddCold(ColdKind.StepAndReturn).Label);
        return Expressions.Constant(ValueType.I32, (int)FloatingPointRounding.NearestEven);
    }

    private void EvaluateFloat(in Expression call, X64Register destination)
    {
        var intrinsic = (Intrinsic)call.Operator;
        if (intrinsic is Intrinsic.FpToInt32 or Intrinsic.FpToInt64 && Expressions[call.A].Type == ValueType.F64)
        {
            ConvertToInteger(call, intrinsic == Intrinsic.FpToInt64 ? X64Size.Qword : X64Size.Dword, destination);
            return;
        }
        if (call.Type != ValueType.F64)
        {
            Decline();
            return;
        }
        switch (intrinsic)
        {
            case Intrinsic.FpAdd:
                Arithmetic(X64Scalar.Add, call, destination);
                break;
            case Intrinsic.FpSubtract:
                Arithmetic(X64Scalar.Sub, call, destination);
                break;
            case Intrinsic.FpMultiply:
                Arithmetic(X64Scalar.Mul, call, destination);
                break;
            case Intrinsic.FpDivide:
                Arithmetic(X64Scalar.Div, call, destination);
                break;
            case Intrinsic.FpSquareRoot when IsRounding(call.B, FloatingPointRounding.NearestEven):
                LoadFloat(XmmRegister.Xmm1, call.A);
                _asm.Scalar(X64Scalar.Sqrt, X64Precision.Double, XmmRegister.Xmm0, XmmRegister.Xmm1);
                KeepNormal(destination);
                break;
            case Intrinsic.FpFusedMultiplyAdd when _features.Fma && IsRounding((int)call.Bits, FloatingPointRounding.NearestEven):
                LoadFloat(XmmRegister.Xmm0, call.A);
                LoadFloat(XmmRegister.Xmm1, call.B);
                LoadFloat(XmmRegister.Xmm2, call.C);
                _asm.FusedMultiply(X64FusedMultiply.Fmadd213, X64Precision.Double, XmmRegister.Xmm0, XmmRegister.Xmm1, XmmRegister.Xmm2);
                KeepNormal(destination);
                break;
            case Intrinsic.FpToDouble when Expressions[call.A].Type == ValueType.I32:
                _asm.Cvtsi2s(X64Precision.Double, X64Size.Dword, XmmRegister.Xmm0, Use(call.A));
                _asm.Movd(X64Size.Qword, destination, XmmRegister.Xmm0);
                break;
            case Intrinsic.FpToDouble when Expressions[call.A].Type == ValueType.I64 && IsRounding(call.B, FloatingPointRounding.NearestEven):
                var source = Use(call.A);
                WantInexact();
                _asm.Cvtsi2s(X64Precision.Double, X64Size.Qword, XmmRegister.Xmm0, source);
                _asm.Movd(X64Size.Qword, destination, XmmRegister.Xmm0);
                break;
            default:
                Decline();
                break;
        }
    }

    private void Arithmetic(X64Scalar operation, in Expression call, X64Register destination)
    {
        if (!IsRounding(call.C, FloatingPointRounding.NearestEven))
        {
            Decline();
            return;
        }
        LoadFloat(XmmRegister.Xmm0, call.A);
        LoadFloat(XmmRegister.Xmm1, call.B);
        _asm.Scalar(operation, X64Precision.Double, XmmRegister.Xmm0, XmmRegister.Xmm1);
        KeepNormal(destination);
    }

    // Towards zero. What does not fit gives the smallest integer.
    private void ConvertToInteger(in Expression call, X64Size size, X64Register destination)
    {
        if (!IsRounding(call.B, FloatingPointRounding.TowardZero))
        {
            Decline();
            return;
        }
        LoadFloat(XmmRegister.Xmm0, call.A);
        WantInexact();
        var result = Allocate();
        _asm.Cvtts2si(X64Precision.Double, size, result, XmmRegister.Xmm0);
        _asm.Cmp(size, result, 1);
        _asm.Jcc(X64Condition.Overflow, ref AddCold(ColdKind.StepAndReturn).Label);
        _asm.Mov(X64Size.Qword, destination, result);
    }

    // Ordered operands only: NaNs may be signaling.
    private bool TryCompare(in Expression call, out X64Condition condition)
    {
        var intrinsic = (Intrinsic)call.Operator;
        condition = intrinsic switch
        {
            Intrinsic.FpEqual => X64Condition.Equal,
            Intrinsic.FpLess => X64Condition.Above,
            _ => X64Condition.AboveOrEqual,
        };
        if (intrinsic is not (Intrinsic.FpEqual or Intrinsic.FpLess or Intrinsic.FpLessOrEqual) || Expressions[call.A].Type != ValueType.F64)
            return false;
        LoadFloat(XmmRegister.Xmm0, call.A);
        LoadFloat(XmmRegister.Xmm1, call.B);
        _asm.Ucomis(X64Precision.Double, XmmRegister.Xmm1, XmmRegister.Xmm0);
        _asm.Jcc(X64Condition.Parity, ref AddCold(ColdKind.StepAndReturn).Label);
        return true;
    }

    private bool IsRounding(int place, FloatingPointRounding mode) => IsConstant(place, (long)mode);

    private void LoadFloat(XmmRegister destination, int place)
    {
        var busy = _busy;
        var source = OperandOf(place);
        if (source.IsConstant)
            source = HostOperand.Of(UseConstant(source.Constant));
        if (source.IsMemory)
            _asm.Movs(X64Precision.Double, destination, source.Memory);
        else
            _asm.Movd(X64Size.Qword, destination, source.Register);
        _busy = busy;
    }

    private void WantInexact()
    {
        _asm.Test(X64Size.Byte, _map.Field(X64RegisterMap.FpFlags), (int)FloatingPointFlags.Inexact);
        _asm.Jcc(X64Condition.Equal, ref AddCold(ColdKind.StepAndReturn).Label);
    }

    // xmm0, if its exponent is neither the largest one nor one of the two smallest: tininess is told before the last rounding.
    private void KeepNormal(X64Register destination)
    {
        WantInexact();
        var result = Allocate();
        var exponent = Allocate();
        _asm.Movd(X64Size.Qword, result, XmmRegister.Xmm0);
        _asm.Mov(X64Size.Qword, exponent, result);
        _asm.Shr(X64Size.Qword, exponent, 52);
        _asm.And(X64Size.Dword, exponent, 0x7FF);
        _asm.Sub(X64Size.Dword, exponent, 2);
        _asm.Cmp(X64Size.Dword, exponent, 0x7FE - 2);
        _asm.Jcc(X64Condition.Above, ref AddCold(ColdKind.StepAndReturn).Label);
        _asm.Mov(X64Size.Qword, destination, result);
    }
}
