using Dbt.Isa.Semantics;
using Dbt.Translator.HostCode.X64;
using Dbt.Translator.Semantics;
using ValueType = Dbt.Isa.Semantics.ValueType;

namespace Dbt.Translator.Baseline;

// Operators and intrinsics.
internal sealed unsafe partial class X64BlockCompiler
{
    private void EvaluateBinary(in Expression expression, int place, X64Register destination)
    {
        if (Expressions[expression.A].Type.IsFloat())
        {
            Decline();
            return;
        }
        switch ((BinaryOperator)expression.Operator)
        {
            case BinaryOperator.Add:
                if (!TryAddress(expression, destination))
                    EvaluateArithmetic(expression, destination);
                break;
            case BinaryOperator.And when _features.Bmi1 && IsComplement(expression.B):
                EvaluateAndNot(expression, destination);
                break;
            case BinaryOperator.Subtract or BinaryOperator.Multiply or BinaryOperator.And or BinaryOperator.Or or BinaryOperator.Xor:
                EvaluateArithmetic(expression, destination);
                break;
            case BinaryOperator.ShiftLeft:
                EvaluateShift(expression, X64Shift.Shl, destination);
                break;
            case BinaryOperator.ShiftRight:
                EvaluateShift(expression, expression.Type.IsSigned() ? X64Shift.Sar : X64Shift.Shr, destination);
                break;
            case BinaryOperator.ShiftRightLogical:
                EvaluateShift(expression, X64Shift.Shr, destination);
                break;
            case BinaryOperator.Divide or BinaryOperator.Remainder:
                EvaluateDivision(expression, destination);
                break;
            default:
                EvaluateCondition(place, destination);
                break;
        }
    }

    // lea: a sum that goes to a third register, with one part shifted perhaps.
    private bool TryAddress(in Expression sum, X64Register destination)
    {
        var size = SizeOf(sum.Type);
        var (left, right) = (Strip(sum.A), Strip(sum.B));
        if (IsShiftedForAddress(right))
            (left, right) = (right, left);
        if (IsShiftedForAddress(left))
        {
            if (Expressions[right].Kind == ExpressionKind.Constant)
                return false;
            var scale = 1 << (int)Expressions[Expressions[left].B].Bits;
            var addend = Use(right);
            var scaled = Use(Expressions[left].A);
            _asm.Lea(size, destination, X64Memory.At(addend, scaled, scale));
            return true;
        }
        if (!TryRegister(left, out var a) || a == destination)
            return false;
        if (Expressions[right] is { Kind: ExpressionKind.Constant } constant && constant.Bits == (int)constant.Bits)
        {
            _asm.Lea(size, destination, X64Memory.At(a, (int)constant.Bits));
            return true;
        }
        if (!TryRegister(right, out var b) || b == destination)
            return false;
        _asm.Lea(size, destination, X64Memory.At(a, b));
        return true;
    }

    private bool IsShiftedForAddress(int place) =>
        Expressions[place] is { Kind: ExpressionKind.Binary, Operator: (byte)BinaryOperator.ShiftLeft } shift &&
        Expressions[shift.B] is { Kind: ExpressionKind.Constant, Bits: >= 1 and <= 3 };

    private bool TryRegister(int place, out X64Register register)
    {
        ref var expression = ref Expressions[place];
        register = (X64Register)expression.Register;
        return expression.Kind == ExpressionKind.Host ||
            expression.Kind == ExpressionKind.Guest && IsHeld(expression, out register);
    }

    private bool IsComplement(int place) =>
        Expressions[Strip(place)] is { Kind: ExpressionKind.Unary, Operator: (byte)UnaryOperator.Complement };

    private void EvaluateAndNot(in Expression expression, X64Register destination)
    {
        var size = SizeOf(expression.Type);
        var inverted = Use(Expressions[Strip(expression.B)].A);
        var other = OperandOf(expression.A);
        if (other.IsConstant)
            other = HostOperand.Of(UseConstant(other.Constant));
        if (other.IsMemory)
            _asm.Andn(size, destination, inverted, other.Memory);
        else
            _asm.Andn(size, destination, inverted, other.Register);
    }

    private X64Register UseConstant(int value)
    {
        var scratch = Allocate();
        _asm.Mov(scratch, (ulong)(long)value);
        return scratch;
    }

    // Two-operand instructions: the left operand goes to the destination first.
    private void EvaluateArithmetic(in Expression expression, X64Register destination)
    {
        var op = (BinaryOperator)expression.Operator;
        var size = SizeOf(expression.Type);
        var (left, right) = (Strip(expression.A), Strip(expression.B));
        var commutes = op != BinaryOperator.Subtract;
        if (commutes && (Expressions[left].Kind == ExpressionKind.Constant || IsLeaf(left) && !IsLeaf(right)))
            (left, right) = (right, left);
        if (Expressions[right] is { Kind: ExpressionKind.Constant, Type: ValueType.I64 or ValueType.U64 } large && large.Bits != (int)large.Bits)
        {
            // Takes no scratch register while the left operand is evaluated.
            Evaluate(left, destination);
            Apply(op, size, destination, HostOperand.Of(Use(right)));
            return;
        }
        var b = OperandOf(right);
        if (op == BinaryOperator.Multiply && b.IsConstant)
        {
            var factor = OperandOf(left);
            if (factor.IsMemory)
                _asm.Imul(size, destination, factor.Memory, b.Constant);
            else
                _asm.Imul(size, destination, factor.Register, b.Constant);
            return;
        }
        if (b.Is(destination))
        {
            EvaluateOntoRight(op, size, left, destination);
            return;
        }
        Evaluate(left, destination);
        Apply(op, size, destination, b);
    }

    // The destination holds the right operand.
    private void EvaluateOntoRight(BinaryOperator op, X64Size size, int left, X64Register destination)
    {
        if (IsIn(left, destination))
        {
            Apply(op, size, destination, HostOperand.Of(destination));
        }
        else if (IsLeaf(left) && Expressions[left].Kind != ExpressionKind.Constant)
        {
            var a = OperandOf(left);
            if (op == BinaryOperator.Subtract)
            {
                _asm.Neg(size, destination);
                op = BinaryOperator.Add;
            }
            Apply(op, size, destination, a);
        }
        else
        {
            var scratch = Allocate();
            Evaluate(left, scratch);
            Apply(op, size, scratch, HostOperand.Of(destination));
            _asm.Mov(X64Size.Qword, destination, scratch);
        }
    }

    private void Apply(BinaryOperator op, X64Size size, X64Register destination, in HostOperand source)
    {
        if (op == BinaryOperator.Multiply)
        {
            if (source.IsMemory)
                _asm.Imul(size, destination, source.Memory);
            else
                _asm.Imul(size, destination, source.Register);
            return;
        }
        var operation = op switch
        {
            BinaryOperator.Add => X64Alu.Add,
            BinaryOperator.Subtract => X64Alu.Sub,
            BinaryOperator.And => X64Alu.And,
            BinaryOperator.Or => X64Alu.Or,
            _ => X64Alu.Xor,
        };
        Apply(operation, size, destination, source);
    }

    private void Apply(X64Alu operation, X64Size size, X64Register destination, in HostOperand source)
    {
        if (source.IsConstant)
        {
            ApplyConstant(operation, size, destination, source.Constant);
            return;
        }
        if (source.IsMemory)
            _asm.Alu(operation, size, destination, source.Memory);
        else
            _asm.Alu(operation, size, destination, source.Register);
        NoteFlags(operation, size, destination);
    }

    private void ApplyConstant(X64Alu operation, X64Size size, X64Register destination, int constant)
    {
        if (operation == X64Alu.And && constant == byte.MaxValue)
            _asm.MovzxByte(destination, destination);
        else if (operation == X64Alu.And && constant == ushort.MaxValue)
            _asm.MovzxWord(destination, destination);
        else if (operation == X64Alu.Xor && constant == -1)
            _asm.Not(size, destination);
        else
        {
            _asm.Alu(operation, size, destination, constant);
            NoteFlags(operation, size, destination);
        }
    }

    private void EvaluateShift(in Expression expression, X64Shift shift, X64Register destination)
    {
        var size = SizeOf(expression.Type);
        var count = Strip(expression.B);
        if (Expressions[count].Kind == ExpressionKind.Constant)
        {
            Evaluate(expression.A, destination);
            var by = (int)Expressions[count].Bits & expression.Type.Bits() - 1;
            if (by != 0)
                _asm.Shift(shift, size, destination, by);
            return;
        }
        if (_features.Bmi2 && shift is X64Shift.Shl or X64Shift.Shr or X64Shift.Sar)
        {
            var by = Use(count);
            var value = OperandOf(expression.A);
            if (value.IsConstant)
            {
                var holder = by == destination ? Allocate() : destination;
                _asm.Mov(holder, (ulong)value.Constant);
                value = HostOperand.Of(holder);
            }
            ShiftBy(shift, size, destination, value, by);
            return;
        }
        // By cl.
        if (!TryTake(X64Register.Rcx, destination))
            return;
        if (destination == X64Register.Rcx)
        {
            var scratch = Allocate();
            Evaluate(expression.A, scratch);
            Evaluate(count, X64Register.Rcx);
            _asm.Shift(shift, size, scratch);
            _asm.Mov(X64Size.Qword, X64Register.Rcx, scratch);
            return;
        }
        Evaluate(count, X64Register.Rcx);
        Evaluate(expression.A, destination);
        _asm.Shift(shift, size, destination);
    }

    private void ShiftBy(X64Shift shift, X64Size size, X64Register destination, in HostOperand value, X64Register by)
    {
        switch (shift, value.IsMemory)
        {
            case (X64Shift.Shl, true):
                _asm.Shlx(size, destination, value.Memory, by);
                break;
            case (X64Shift.Shl, false):
                _asm.Shlx(size, destination, value.Register, by);
                break;
            case (X64Shift.Shr, true):
                _asm.Shrx(size, destination, value.Memory, by);
                break;
            case (X64Shift.Shr, false):
                _asm.Shrx(size, destination, value.Register, by);
                break;
            case (_, true):
                _asm.Sarx(size, destination, value.Memory, by);
                break;
            default:
                _asm.Sarx(size, destination, value.Register, by);
                break;
        }
    }

    // rdx:rax by anything else.
    private void EvaluateDivision(in Expression expression, X64Register destination)
    {
        var size = SizeOf(expression.Type);
        var divisor = OperandFor(expression.B, destination);
        if (_declined)
            return;
        Evaluate(expression.A, X64Register.Rax);
        if (!expression.Type.IsSigned())
            _asm.Xor(X64Size.Dword, X64Register.Rdx, X64Register.Rdx);
        else if (size == X64Size.Qword)
            _asm.Cqo();
        else
            _asm.Cdq();
        switch (expression.Type.IsSigned(), divisor.IsMemory)
        {
            case (true, true):
                _asm.Idiv(size, divisor.Memory);
                break;
            case (true, false):
                _asm.Idiv(size, divisor.Register);
                break;
            case (false, true):
                _asm.Div(size, divisor.Memory);
                break;
            default:
                _asm.Div(size, divisor.Register);
                break;
        }
        var result = (BinaryOperator)expression.Operator == BinaryOperator.Divide ? X64Register.Rax : X64Register.Rdx;
        if (result != destination)
            _asm.Mov(X64Size.Qword, destination, result);
    }

    // An operand of an instruction that works on rdx:rax, which are taken.
    private HostOperand OperandFor(int place, X64Register destination)
    {
        if (!TryTake(X64Register.Rax, destination) || !TryTake(X64Register.Rdx, destination))
            return default;
        var operand = OperandOf(place);
        if (operand.IsConstant)
            operand = HostOperand.Of(UseConstant(operand.Constant));
        if (operand.Is(X64Register.Rax) || operand.Is(X64Register.Rdx))
            Decline();
        return operand;
    }

    private void EvaluateCall(in Expression call, int place, X64Register destination)
    {
        var size = SizeOf(Expressions[call.A].Type);
        switch ((Intrinsic)call.Operator)
        {
            case Intrinsic.RotateLeft:
                EvaluateShift(call, X64Shift.Rol, destination);
                break;
            case Intrinsic.RotateRight:
                EvaluateShift(call, X64Shift.Ror, destination);
                break;
            case Intrinsic.LeadingZeroCount when _features.Lzcnt && call.Type.Bits() >= 32:
                _asm.Lzcnt(size, destination, Use(call.A));
                break;
            case Intrinsic.TrailingZeroCount when _features.Bmi1:
                _asm.Tzcnt(size, destination, Use(call.A));
                break;
            case Intrinsic.LeadingZeroCount or Intrinsic.TrailingZeroCount when call.Type.Bits() >= 32:
                EvaluateScan(call, destination);
                break;
            case Intrinsic.PopCount when _features.Popcnt:
                _asm.Popcnt(size, destination, Use(call.A));
                break;
            case Intrinsic.ReverseBytes when size is X64Size.Dword or X64Size.Qword:
                Evaluate(call.A, destination);
                _asm.Bswap(size, destination);
                break;
            case Intrinsic.MultiplyHigh when size == X64Size.Qword:
                EvaluateMultiplyHigh(call, destination);
                break;
            case Intrinsic.MultiplyHigh or Intrinsic.MultiplyHighMixed when size == X64Size.Dword:
                EvaluateMultiplyHigh32(call, destination);
                break;
            case Intrinsic.MultiplyHighMixed:
                EvaluateMultiplyHighMixed(call, destination);
                break;
            case Intrinsic.CarrylessMultiply or Intrinsic.CarrylessMultiplyHigh when _features.Pclmul:
                EvaluateCarrylessMultiply(call, destination);
                break;
            default:
                EvaluateFloat(call, place, destination);
                break;
        }
    }

    private void EvaluateMultiplyHigh(in Expression call, X64Register destination)
    {
        var factor = OperandFor(call.B, destination);
        if (_declined)
            return;
        Evaluate(call.A, X64Register.Rax);
        switch (Expressions[call.A].Type.IsSigned(), factor.IsMemory)
        {
            case (true, true):
                _asm.Imul(X64Size.Qword, factor.Memory);
                break;
            case (true, false):
                _asm.Imul(X64Size.Qword, factor.Register);
                break;
            case (false, true):
                _asm.Mul(X64Size.Qword, factor.Memory);
                break;
            default:
                _asm.Mul(X64Size.Qword, factor.Register);
                break;
        }
        if (destination != X64Register.Rdx)
            _asm.Mov(X64Size.Qword, destination, X64Register.Rdx);
    }
}
