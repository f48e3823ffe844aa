using Dbt.Generators.Semantics.Tree;

namespace Dbt.Generators.Semantics;

/// <summary>Computes operators on constants, as C# does in an unchecked context.</summary>
internal static class ConstantFolding
{
    /// <summary>The same expression, or the constant that it is.</summary>
    public static Expression Fold(this Expression expression) => expression switch
    {
        Unary { Operand: Constant operand } unary when !operand.Type.IsFloat() =>
            Make(unary, Compute(unary.Operator, operand.Bits)),
        Conversion { Operand: Constant operand } => Make(expression, operand.Bits),
        Binary { Left: Constant left, Right: Constant right } binary when CanCompute(binary, right) =>
            Make(binary, Compute(binary.Operator, left.Type, left.Bits, right.Bits)),
        Conditional { Condition: Constant condition } conditional =>
            condition.Bits != 0 ? conditional.Then : conditional.Otherwise,
        _ => expression,
    };

    private static Constant Make(Expression original, long bits) =>
        new(original.Location, original.Type, original.Type.Normalize(bits));

    private static bool CanCompute(Binary binary, Constant right) =>
        binary.Operator is not (BinaryOperator.Divide or BinaryOperator.Remainder) || right.Bits is not (0 or -1);

    private static long Compute(UnaryOperator op, long value) => op switch
    {
        UnaryOperator.Negate => unchecked(-value),
        UnaryOperator.Complement => ~value,
        _ => value ^ 1,
    };

    private static long Compute(BinaryOperator op, ValueType type, long left, long right)
    {
        unchecked
        {
            var unsigned = type == ValueType.U64;
            var count = (int)right & type.Width() - 1;
            return op switch
            {
                BinaryOperator.Add => left + right,
                BinaryOperator.Subtract => left - right,
                BinaryOperator.Multiply => left * right,
                BinaryOperator.Divide => unsigned ? (long)((ulong)left / (ulong)right) : left / right,
                BinaryOperator.Remainder => unsigned ? (long)((ulong)left % (ulong)right) : left % right,
                BinaryOperator.And => left & right,
                BinaryOperator.Or => left | right,
                BinaryOperator.Xor => left ^ right,
                BinaryOperator.ShiftLeft => left << count,
                BinaryOperator.ShiftRight => unsigned ? (long)((ulong)left >> count) : left >> count,
                BinaryOperator.ShiftRightLogical => (long)((type.Width() == 32 ? (uint)left : (ulong)left) >> count),
                BinaryOperator.Equal => left == right ? 1 : 0,
                BinaryOperator.NotEqual => left != right ? 1 : 0,
                BinaryOperator.Less => IsLess(unsigned, left, right) ? 1 : 0,
                BinaryOperator.LessOrEqual => IsLess(unsigned, right, left) ? 0 : 1,
                BinaryOperator.Greater => IsLess(unsigned, right, left) ? 1 : 0,
                _ => IsLess(unsigned, left, right) ? 0 : 1,
            };
        }
    }

    private static bool IsLess(bool unsigned, long left, long right) =>
        unsigned ? unchecked((ulong)left < (ulong)right) : left < right;
}
