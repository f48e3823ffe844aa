using Dbt.Isa.Semantics;
using Dbt.Translator.HostCode.X64;
using Dbt.Translator.Semantics;

namespace Dbt.Translator.Baseline;

// Integer intrinsics for which no host has an instruction, or not every host.
internal sealed unsafe partial class X64BlockCompiler
{
    // The factors are extended by their own types, so that all 64 bits of the product are right.
    private void EvaluateMultiplyHigh32(in Expression call, X64Register destination)
    {
        var (left, right) = (Allocate(), Allocate());
        EvaluateExtended(call.A, left);
        EvaluateExtended(call.B, right);
        _asm.Imul(X64Size.Qword, left, right);
        _asm.Shr(X64Size.Qword, left, 32);
        _asm.Mov(X64Size.Dword, destination, left);
    }

    private void EvaluateExtended(int place, X64Register destination)
    {
        Evaluate(place, destination);
        if (Expressions[place].Type.IsSigned())
            _asm.Movsxd(destination, destination);
        else
            _asm.Mov(X64Size.Dword, destination, destination);
    }

    // Signed times unsigned: as if both were unsigned, less the second factor where the first is negative.
    private void EvaluateMultiplyHighMixed(in Expression call, X64Register destination)
    {
        var factor = OperandFor(call.B, destination);
        // It is evaluated twice.
        if (!IsLeaf(call.A))
            Decline();
        if (_declined)
            return;
        Evaluate(call.A, X64Register.Rax);
        if (factor.IsMemory)
            _asm.Mul(X64Size.Qword, factor.Memory);
        else
            _asm.Mul(X64Size.Qword, factor.Register);
        Evaluate(call.A, X64Register.Rax);
        _asm.Sar(X64Size.Qword, X64Register.Rax, 63);
        Apply(X64Alu.And, X64Size.Qword, X64Register.Rax, factor);
        _asm.Sub(X64Size.Qword, X64Register.Rdx, X64Register.Rax);
        if (destination != X64Register.Rdx)
            _asm.Mov(X64Size.Qword, destination, X64Register.Rdx);
    }

    // Without lzcnt and tzcnt: the place of the highest or lowest one, of which there is none in zero.
    private void EvaluateScan(in Expression call, X64Register destination)
    {
        var size = SizeOf(Expressions[call.A].Type);
        var bits = Expressions[call.A].Type.Bits();
        var isLeading = (Intrinsic)call.Operator == Intrinsic.LeadingZeroCount;
        var none = Allocate();
        var source = Use(call.A);
        _asm.Mov(none, (ulong)(isLeading ? 2 * bits - 1 : bits));
        if (isLeading)
            _asm.Bsr(size, destination, source);
        else
            _asm.Bsf(size, destination, source);
        _asm.Cmov(X64Condition.Equal, size, destination, none);
        if (isLeading)
            _asm.Xor(X64Size.Dword, destination, bits - 1);
    }

    private void EvaluateCarrylessMultiply(in Expression call, X64Register destination)
    {
        var size = SizeOf(Expressions[call.A].Type);
        LoadFactor(XmmRegister.Xmm0, size, call.A);
        LoadFactor(XmmRegister.Xmm1, size, call.B);
        _asm.Pclmulqdq(XmmRegister.Xmm0, XmmRegister.Xmm1, 0);
        var isHigh = (Intrinsic)call.Operator == Intrinsic.CarrylessMultiplyHigh;
        if (isHigh && size == X64Size.Qword)
            _asm.Movhlps(XmmRegister.Xmm0, XmmRegister.Xmm0);
        _asm.Movd(X64Size.Qword, destination, XmmRegister.Xmm0);
        if (isHigh && size == X64Size.Dword)
            _asm.Shr(X64Size.Qword, destination, 32);
    }

    // Zero-extended.
    private void LoadFactor(XmmRegister factor, X64Size size, int place)
    {
        var busy = _busy;
        var operand = OperandOf(place);
        if (operand.IsConstant)
            operand = HostOperand.Of(UseConstant(operand.Constant));
        if (operand.IsMemory)
            _asm.Movs(size == X64Size.Qword ? X64Precision.Double : X64Precision.Single, factor, operand.Memory);
        else
            _asm.Movd(size, factor, operand.Register);
        _busy = busy;
    }
}
