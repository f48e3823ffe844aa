using Dbt.Isa.Semantics;
using Dbt.Translator.Il.Trees.Nodes;
using Dbt.Translator.Semantics;
using ValueType = Dbt.Isa.Semantics.ValueType;

namespace Dbt.Translator.Il.Trees;

/// <summary>
/// Keeps comparisons of rotated values with zero away from .NET's compiler, which takes the zero flag from the rotation (.NET 10.0.12, x86-64:
/// <c>BitOperations.RotateRight(x, 31) == 0</c> becomes <c>ror</c> and a conditional jump or move). A rotation leaves the flag alone. What is
/// rotated is zero when the result is, so that is compared instead.
/// </summary>
internal sealed class Rotations
{
    private readonly Dictionary<int, Node> _values = [];

    /// <summary>A local is computed by a tree, and by nothing else: comparisons of the local may become part of it.</summary>
    public void Note(LocalNode local, Node value) => _values.Add(local.Index, value);

    /// <summary>Makes an operator with two operands.</summary>
    public Node Binary(BinaryOperator op, Node left, Node right)
    {
        switch (op)
        {
            case BinaryOperator.Equal or BinaryOperator.NotEqual when right is ConstantNode { Bits: 0 }:
                return Compare(op, left);
            case BinaryOperator.Equal or BinaryOperator.NotEqual when left is ConstantNode { Bits: 0 }:
                return Compare(op, right);
            // x < 1 and 0 < x are comparisons with zero, too, where nothing is below zero.
            case BinaryOperator.Less or BinaryOperator.GreaterOrEqual when IsUnsigned(left) && right is ConstantNode { Bits: 1 }:
                return Compare(op == BinaryOperator.Less ? BinaryOperator.Equal : BinaryOperator.NotEqual, left);
            case BinaryOperator.Less or BinaryOperator.GreaterOrEqual when IsUnsigned(right) && left is ConstantNode { Bits: 0 }:
                return Compare(op == BinaryOperator.Less ? BinaryOperator.NotEqual : BinaryOperator.Equal, right);
            default:
                return Folding.Binary(op, left, right);
        }
    }

    private Node Compare(BinaryOperator op, Node value)
    {
        value = Unrotated(value) ?? value;
        return Folding.Binary(op, value, new ConstantNode(value.Type, 0));
    }

    // What is zero when the value is, without rotation; null when nothing is rotated.
    private Node? Unrotated(Node value)
    {
        value = Tree(value);
        switch (value)
        {
            case ConvertNode convert:
                var operand = Tree(convert.Operand);
                // Cut to what it was extended from.
                if (operand is ConvertNode { Operand: var inner } && inner.Type.Bits() == convert.Type.Bits() && operand.Type.Bits() > inner.Type.Bits())
                    return Unrotated(inner);
                return convert.Operand.Type != ValueType.Bool && convert.Type.Bits() >= operand.Type.Bits() ? Unrotated(operand) : null;
            case CallNode { Intrinsic: Intrinsic.RotateLeft or Intrinsic.RotateRight } call:
                return Unrotated(call.Arguments[0]) ?? call.Arguments[0];
            case BinaryNode { Operator: BinaryOperator.Or or BinaryOperator.Xor } binary:
                return Rotated(Bare(binary.Left), Bare(binary.Right)) ?? Rotated(Bare(binary.Right), Bare(binary.Left));
            default:
                return null;
        }
    }

    // What .NET's compiler takes for a rotation: x << n | x >> width - n.
    private Node? Rotated(Node left, Node right) =>
        left is BinaryNode { Operator: BinaryOperator.ShiftLeft, Right: ConstantNode up } high &&
        right is BinaryNode { Operator: BinaryOperator.ShiftRight or BinaryOperator.ShiftRightLogical, Right: ConstantNode down } low &&
        up.Bits + down.Bits == left.Type.Bits() && Equals(Bare(high.Left), Bare(low.Left))
            ? Unrotated(high.Left) ?? high.Left
            : null;

    // Without changes of sign, which are no code.
    private Node Bare(Node value) => Tree(value) is ConvertNode convert && convert.Operand.Type.Bits() == convert.Type.Bits() ? Bare(convert.Operand) : Tree(value);

    private Node Tree(Node value) => value is LocalNode local && _values.TryGetValue(local.Index, out var tree) ? Tree(tree) : value;

    private static bool IsUnsigned(Node value) => value.Type is ValueType.U8 or ValueType.U16 or ValueType.U32 or ValueType.U64;
}
