using System.Reflection.Emit;
using Dbt.Isa.Semantics;
using Dbt.Translator.Il.Trees;
using Dbt.Translator.Il.Trees.Nodes;
using Dbt.Translator.Semantics;
using ValueType = Dbt.Isa.Semantics.ValueType;

namespace Dbt.Translator.Il.Emission;

/// <summary>
/// Turns values into IL. On the evaluation stack integers of up to 32 bits are int32, extended as their type wants, longer ones int64.
/// </summary>
internal class NodeEmitter
{
    private readonly IlWriter _il;
    private readonly LocalBuilder?[] _locals;
    private readonly IntrinsicEmitter _intrinsics;

    /// <summary>An emitter for one method.</summary>
    /// <param name="il">Where to.</param>
    /// <param name="localCount">Number of <see cref="LocalNode"/> indexes.</param>
    public NodeEmitter(IlWriter il, int localCount)
    {
        _il = il;
        _locals = new LocalBuilder?[localCount];
        _intrinsics = new IntrinsicEmitter(il, this);
    }

    /// <summary>Where to.</summary>
    protected IlWriter Il => _il;

    /// <summary>Pushes a value.</summary>
    public virtual void Push(Node node)
    {
        switch (node)
        {
            case ConstantNode constant:
                PushConstant(constant);
                break;
            case LocalNode local:
                _il.Emit(OpCodes.Ldloc, Slot(local));
                break;
            case ConvertNode convert:
                Push(convert.Operand);
                Extend(convert.Operand.Type, convert.Type);
                break;
            case UnaryNode unary:
                PushUnary(unary);
                break;
            case BinaryNode binary:
                PushBinary(binary);
                break;
            case SelectNode select:
                PushSelect(select);
                break;
            case CallNode call:
                _intrinsics.Push(call);
                break;
            default:
                throw new NotSupportedException($"No IL for {node.GetType().Name}.");
        }
    }

    /// <summary>Pops into a local.</summary>
    public void Pop(LocalNode local) => _il.Emit(OpCodes.Stloc, Slot(local));

    /// <summary>Goes to <paramref name="target"/> when the condition does not hold.</summary>
    public void BranchUnless(Node condition, Label target)
    {
        if (condition is BinaryNode { Operator: >= BinaryOperator.Equal } comparison && !comparison.Left.Type.IsFloat())
        {
            Push(comparison.Left);
            Push(comparison.Right);
            var unsigned = !comparison.Left.Type.IsSigned();
            _il.Emit(comparison.Operator switch
            {
                BinaryOperator.Equal => OpCodes.Bne_Un,
                BinaryOperator.NotEqual => OpCodes.Beq,
                BinaryOperator.Less => unsigned ? OpCodes.Bge_Un : OpCodes.Bge,
                BinaryOperator.LessOrEqual => unsigned ? OpCodes.Bgt_Un : OpCodes.Bgt,
                BinaryOperator.Greater => unsigned ? OpCodes.Ble_Un : OpCodes.Ble,
                _ => unsigned ? OpCodes.Blt_Un : OpCodes.Blt,
            }, target);
        }
        else
        {
            Push(condition);
            _il.Emit(OpCodes.Brfalse, target);
        }
    }

    private LocalBuilder Slot(LocalNode local) => _locals[local.Index] ??= _il.Local(local.Type.ToClr());

    private void PushConstant(ConstantNode constant)
    {
        switch (constant.Type)
        {
            case ValueType.F32:
                _il.Constant(BitConverter.Int32BitsToSingle((int)constant.Bits));
                break;
            case ValueType.F64:
                _il.Constant(BitConverter.Int64BitsToDouble(constant.Bits));
                break;
            case ValueType.I64 or ValueType.U64:
                _il.Constant(constant.Bits);
                break;
            default:
                _il.Constant((int)constant.Bits);
                break;
        }
    }

    private void PushUnary(UnaryNode unary)
    {
        Push(unary.Operand);
        switch (unary.Operator)
        {
            case UnaryOperator.Negate:
                _il.Emit(OpCodes.Neg);
                break;
            case UnaryOperator.Complement:
                _il.Emit(OpCodes.Not);
                break;
            default:
                _il.Constant(0);
                _il.Emit(OpCodes.Ceq);
                break;
        }
        Normalize(unary.Type);
    }

    private void PushBinary(BinaryNode binary)
    {
        var type = binary.Left.Type;
        var unsigned = !type.IsSigned();
        Push(binary.Left);
        Push(binary.Right);
        switch (binary.Operator)
        {
            case BinaryOperator.ShiftLeft or BinaryOperator.ShiftRight or BinaryOperator.ShiftRightLogical:
                PushShift(binary.Operator, type, binary.Right);
                break;
            case >= BinaryOperator.Equal:
                PushComparison(binary.Operator, unsigned && !type.IsFloat());
                return;
            default:
                _il.Emit(binary.Operator switch
                {
                    BinaryOperator.Add => OpCodes.Add,
                    BinaryOperator.Subtract => OpCodes.Sub,
                    BinaryOperator.Multiply => OpCodes.Mul,
                    BinaryOperator.Divide => unsigned ? OpCodes.Div_Un : OpCodes.Div,
                    BinaryOperator.Remainder => unsigned ? OpCodes.Rem_Un : OpCodes.Rem,
                    BinaryOperator.And => OpCodes.And,
                    BinaryOperator.Or => OpCodes.Or,
                    BinaryOperator.Xor => OpCodes.Xor,
                    _ => throw new NotSupportedException($"No IL for {binary.Operator}."),
                });
                break;
        }
        Normalize(binary.Type);
    }

    private void PushShift(BinaryOperator op, ValueType type, Node count)
    {
        if (count is not ConstantNode known || known.Bits < 0 || known.Bits >= type.Bits())
        {
            _il.Constant(type.Bits() - 1);
            _il.Emit(OpCodes.And);
        }
        if (op == BinaryOperator.ShiftRightLogical && type is ValueType.I8 or ValueType.I16)
            throw new NotSupportedException("Logical right shifts of short signed values must be written on unsigned ones.");
        _il.Emit(op switch
        {
            BinaryOperator.ShiftLeft => OpCodes.Shl,
            BinaryOperator.ShiftRight when type.IsSigned() => OpCodes.Shr,
            _ => OpCodes.Shr_Un,
        });
    }

    private void PushComparison(BinaryOperator op, bool unsigned)
    {
        var (code, inverted) = op switch
        {
            BinaryOperator.Equal => (OpCodes.Ceq, false),
            BinaryOperator.NotEqual => (OpCodes.Ceq, true),
            BinaryOperator.Less => (unsigned ? OpCodes.Clt_Un : OpCodes.Clt, false),
            BinaryOperator.GreaterOrEqual => (unsigned ? OpCodes.Clt_Un : OpCodes.Clt, true),
            BinaryOperator.Greater => (unsigned ? OpCodes.Cgt_Un : OpCodes.Cgt, false),
            _ => (unsigned ? OpCodes.Cgt_Un : OpCodes.Cgt, true),
        };
        _il.Emit(code);
        if (inverted)
        {
            _il.Constant(0);
            _il.Emit(OpCodes.Ceq);
        }
    }

    private void PushSelect(SelectNode select)
    {
        var otherwise = _il.Label();
        var end = _il.Label();
        var result = _il.Local(select.Type.ToClr());
        BranchUnless(select.Condition, otherwise);
        Push(select.Then);
        _il.Emit(OpCodes.Stloc, result);
        _il.Emit(OpCodes.Br, end);
        _il.Mark(otherwise);
        Push(select.Otherwise);
        _il.Emit(OpCodes.Stloc, result);
        _il.Mark(end);
        _il.Emit(OpCodes.Ldloc, result);
    }

    /// <summary>Converts the top of the stack from one integer type to another.</summary>
    public void Extend(ValueType from, ValueType to)
    {
        if (to.IsLong())
        {
            if (!from.IsLong())
                _il.Emit(from.IsSigned() ? OpCodes.Conv_I8 : OpCodes.Conv_U8);
        }
        else if (to.Bits() < 32)
        {
            Normalize(to);
        }
        else if (from.IsLong())
        {
            _il.Emit(OpCodes.Conv_I4);
        }
    }

    private void Normalize(ValueType type)
    {
        switch (type)
        {
            case ValueType.I8:
                _il.Emit(OpCodes.Conv_I1);
                break;
            case ValueType.U8:
                _il.Emit(OpCodes.Conv_U1);
                break;
            case ValueType.I16:
                _il.Emit(OpCodes.Conv_I2);
                break;
            case ValueType.U16:
                _il.Emit(OpCodes.Conv_U2);
                break;
        }
    }
}
