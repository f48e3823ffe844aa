using Dbt.Isa.Semantics;
using Dbt.Translator.Il.Trees.Nodes;
using ValueType = Dbt.Isa.Semantics.ValueType;

namespace Dbt.Translator.Il.Trees;

/// <summary>Makes operator nodes, or what they are known to give.</summary>
internal static class Folding
{
    /// <summary>An operator with one operand.</summary>
    public static Node Unary(UnaryOperator op, Node operand)
    {
        if (operand is not ConstantNode { Type: var type, Bits: var bits } || type.IsFloat())
            return new UnaryNode(op, operand);
        return Known(type, op switch
        {
            UnaryOperator.Negate => -bits,
            UnaryOperator.Complement => ~bits,
            _ => bits ^ 1,
        });
    }

    /// <summary>An operator with two operands.</summary>
    public static Node Binary(BinaryOperator op, Node left, Node right)
    {
        var type = op >= BinaryOperator.Equal ? ValueType.Bool : left.Type;
        if (left.Type.IsFloat())
            return new BinaryNode(type, op, left, right);
        if (left is ConstantNode a && right is ConstantNode b && TryFold(op, a.Type, a.Bits, b.Bits, out var bits))
            return Known(type, bits);
        if (right is ConstantNode { Bits: 0 } && IsNeutralZero(op))
            return left;
        if (op is BinaryOperator.Add or BinaryOperator.Or or BinaryOperator.Xor && left is ConstantNode { Bits: 0 })
            return right;
        // (x + c) + d
        if (op == BinaryOperator.Add && right is ConstantNode outer && left is BinaryNode { Operator: BinaryOperator.Add, Right: ConstantNode inner } sum)
            return Binary(BinaryOperator.Add, sum.Left, Known(type, inner.Bits + outer.Bits));
        return new BinaryNode(type, op, left, right);
    }

    /// <summary>A conversion between integer types.</summary>
    public static Node Convert(ValueType type, Node operand)
    {
        if (operand.Type == type)
            return operand;
        if (operand is ConstantNode known)
            return Known(type, known.Bits);
        // What an inner conversion did to the upper bits does not matter when the outer one cuts them off.
        if (operand is ConvertNode { Operand: var inner } && inner.Type != ValueType.Bool &&
            type.Bits() <= inner.Type.Bits() && type.Bits() <= operand.Type.Bits())
        {
            return Convert(type, inner);
        }
        return new ConvertNode(type, operand);
    }

    /// <summary>A choice.</summary>
    public static Node Select(Node condition, Node then, Node otherwise) => (condition, then, otherwise) switch
    {
        (ConstantNode known, _, _) => known.Bits != 0 ? then : otherwise,
        // A condition is 1 or 0 on the evaluation stack.
        (_, ConstantNode { Bits: 1 }, ConstantNode { Bits: 0 }) when !then.Type.IsFloat() => new ConvertNode(then.Type, condition),
        _ => new SelectNode(condition, then, otherwise),
    };

    /// <summary>A call of an intrinsic.</summary>
    public static Node Call(Intrinsic intrinsic, ValueType type, ReadOnlySpan<Node> arguments) => (intrinsic, arguments[0]) switch
    {
        (Intrinsic.FpFromBits, CallNode { Intrinsic: Intrinsic.FpToBits } bits) when bits.Arguments[0].Type == type => bits.Arguments[0],
        (Intrinsic.FpUnbox, CallNode { Intrinsic: Intrinsic.FpBox } box) => box.Arguments[0],
        _ => new CallNode(type, intrinsic, arguments.ToArray()),
    };

    /// <summary>A constant with its bits extended as the type wants.</summary>
    public static ConstantNode Known(ValueType type, long bits) => new(type, type switch
    {
        ValueType.Bool => bits & 1,
        ValueType.I8 => (sbyte)bits,
        ValueType.U8 => (byte)bits,
        ValueType.I16 => (short)bits,
        ValueType.U16 => (ushort)bits,
        ValueType.I32 => (int)bits,
        ValueType.U32 => (uint)bits,
        _ => bits,
    });

    private static bool IsNeutralZero(BinaryOperator op) => op is BinaryOperator.Add or BinaryOperator.Subtract or BinaryOperator.Or or
        BinaryOperator.Xor or BinaryOperator.ShiftLeft or BinaryOperator.ShiftRight or BinaryOperator.ShiftRightLogical;

    // Operands are extended by their type, so that signed and unsigned comparison of 64 bits is right for every width.
    private static bool TryFold(BinaryOperator op, ValueType type, long a, long b, out long result)
    {
        var mask = type.Bits() - 1;
        var count = (int)b & mask;
        var signed = type.IsSigned();
        var order = signed ? a.CompareTo(b) : ((ulong)a).CompareTo((ulong)b);
        result = op switch
        {
            BinaryOperator.Add => a + b,
            BinaryOperator.Subtract => a - b,
            BinaryOperator.Multiply => a * b,
            BinaryOperator.And => a & b,
            BinaryOperator.Or => a | b,
            BinaryOperator.Xor => a ^ b,
            BinaryOperator.ShiftLeft => a << count,
            BinaryOperator.ShiftRight => signed ? a >> count : (long)((ulong)a >> count),
            BinaryOperator.ShiftRightLogical => (long)(((ulong)a & ulong.MaxValue >> 63 - mask) >> count),
            BinaryOperator.Equal => a == b ? 1 : 0,
            BinaryOperator.NotEqual => a != b ? 1 : 0,
            BinaryOperator.Less => order < 0 ? 1 : 0,
            BinaryOperator.LessOrEqual => order <= 0 ? 1 : 0,
            BinaryOperator.Greater => order > 0 ? 1 : 0,
            BinaryOperator.GreaterOrEqual => order >= 0 ? 1 : 0,
            _ => 0,
        };
        return op is not (BinaryOperator.Divide or BinaryOperator.Remainder);
    }
}
