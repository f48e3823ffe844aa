using Dbt.Isa.Semantics;
using Dbt.Translator.Il.Trees.Nodes;
using Dbt.Translator.Semantics;
using ValueType = Dbt.Isa.Semantics.ValueType;

namespace Dbt.Translator.Il.Trees;

/// <summary>Makes operator nodes, or what they are known to give.</summary>
internal static class Folding
{
    /// <summary>An operator with one operand.</summary>
    public static Node Unary(UnaryOperator op, Node operand)
    {
        if (operand is ConstantNode known && ConstantFolding.TryFold(op, known.Type, known.Bits, out var bits))
            return new ConstantNode(known.Type, bits);
        return new UnaryNode(op, operand);
    }

    /// <summary>An operator with two operands.</summary>
    public static Node Binary(BinaryOperator op, Node left, Node right)
    {
        var type = op >= BinaryOperator.Equal ? ValueType.Bool : left.Type;
        if (left.Type.IsFloat())
            return new BinaryNode(type, op, left, right);
        if (left is ConstantNode a && right is ConstantNode b && ConstantFolding.TryFold(op, a.Type, a.Bits, b.Bits, out var bits))
            return new ConstantNode(type, bits);
        if (right is ConstantNode { Bits: 0 } && ConstantFolding.IsNeutralZero(op))
            return left;
        if (op is BinaryOperator.Add or BinaryOperator.Or or BinaryOperator.Xor && left is ConstantNode { Bits: 0 })
            return right;
        // (x + c) + d
        if (op == BinaryOperator.Add && right is ConstantNode outer && left is BinaryNode { Operator: BinaryOperator.Add, Right: ConstantNode inner } sum)
            return Binary(BinaryOperator.Add, sum.Left, Known(type, inner.Bits + outer.Bits));
        if (op is BinaryOperator.Divide or BinaryOperator.Remainder && !type.IsLong())
            return WideDivision(op, type, left, right);
        return new BinaryNode(type, op, left, right);
    }

    // A divisor that is the low half of a local is a trap: .NET's compiler (10.0.12, x86-64) moves the local out of rdx, by its low half alone, and
    // goes on with that as all of it. Extended operands are values of their own.
    private static Node WideDivision(BinaryOperator op, ValueType type, Node left, Node right)
    {
        var wide = type is ValueType.U8 or ValueType.U16 or ValueType.U32 ? ValueType.U64 : ValueType.I64;
        return Convert(type, new BinaryNode(wide, op, Convert(wide, left), Convert(wide, right)));
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
    public static ConstantNode Known(ValueType type, long bits) => new(type, ConstantFolding.Extend(type, bits));
}
