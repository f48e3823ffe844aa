using Dbt.Generators.Semantics.Tree;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Dbt.Generators.Semantics;

internal sealed partial class Binder
{
    private Expression BindBinary(BinaryExpressionSyntax syntax)
    {
        var left = Bind(syntax.Left);
        var right = Bind(syntax.Right);
        var op = OperatorOf(syntax);
        if (syntax.Kind() is SyntaxKind.LogicalAndExpression or SyntaxKind.LogicalOrExpression)
        {
            RequirePure(right);
            return new Binary(At(syntax), ValueType.Bool, op, ExpectBool(left, syntax.Left), ExpectBool(right, syntax.Right)).Fold();
        }
        if (left.Type.IsFloat() || right.Type.IsFloat())
            throw Error("DBT215", syntax, syntax.OperatorToken.ValueText, $"{left.Type.Name()} and {right.Type.Name()}", InsteadOnFloats(op));
        if (op is BinaryOperator.ShiftLeft or BinaryOperator.ShiftRight or BinaryOperator.ShiftRightLogical)
            return BindShift(syntax, op, left, right);
        var onBools = left.Type == ValueType.Bool && right.Type == ValueType.Bool
            && op is BinaryOperator.And or BinaryOperator.Or or BinaryOperator.Xor or BinaryOperator.Equal or BinaryOperator.NotEqual;
        if (!onBools && !(left.Type.IsInteger() && right.Type.IsInteger()))
            throw Error("DBT215", syntax, syntax.OperatorToken.ValueText, $"{left.Type.Name()} and {right.Type.Name()}", "write 'condition ? 1 : 0' to make a number of a condition");
        var type = left.Type == ValueType.Bool ? ValueType.Bool : CommonType(left, right)
            ?? throw Error("DBT206", syntax, syntax.OperatorToken.ValueText, left.Type.Name(), right.Type.Name());
        if (op is BinaryOperator.Divide or BinaryOperator.Remainder && right is Constant { Bits: 0 })
            throw Error("DBT215", syntax, syntax.OperatorToken.ValueText, "zero", "guard the division: 'rs2 == 0 ? … : rs1 / rs2'");
        return new Binary(At(syntax), IsComparison(op) ? ValueType.Bool : type, op, Cast(left, type), Cast(right, type)).Fold();
    }

    private Expression BindShift(BinaryExpressionSyntax syntax, BinaryOperator op, Expression left, Expression right)
    {
        if (!left.Type.IsInteger())
            throw Error("DBT215", syntax, syntax.OperatorToken.ValueText, left.Type.Name(), "shift integers");
        if (!CanConvert(right, ValueType.I32))
            throw Error("DBT205", syntax.Right, right.Type.Name(), "int", $"a shift count is an int: write '(int){Parenthesized(syntax.Right)}'");
        var type = Promote(left.Type);
        return new Binary(At(syntax), type, op, Cast(left, type), Cast(right, ValueType.I32)).Fold();
    }

    private BinaryOperator OperatorOf(BinaryExpressionSyntax syntax) => syntax.Kind() switch
    {
        SyntaxKind.AddExpression => BinaryOperator.Add,
        SyntaxKind.SubtractExpression => BinaryOperator.Subtract,
        SyntaxKind.MultiplyExpression => BinaryOperator.Multiply,
        SyntaxKind.DivideExpression => BinaryOperator.Divide,
        SyntaxKind.ModuloExpression => BinaryOperator.Remainder,
        SyntaxKind.BitwiseAndExpression or SyntaxKind.LogicalAndExpression => BinaryOperator.And,
        SyntaxKind.BitwiseOrExpression or SyntaxKind.LogicalOrExpression => BinaryOperator.Or,
        SyntaxKind.ExclusiveOrExpression => BinaryOperator.Xor,
        SyntaxKind.LeftShiftExpression => BinaryOperator.ShiftLeft,
        SyntaxKind.RightShiftExpression => BinaryOperator.ShiftRight,
        SyntaxKind.UnsignedRightShiftExpression => BinaryOperator.ShiftRightLogical,
        SyntaxKind.EqualsExpression => BinaryOperator.Equal,
        SyntaxKind.NotEqualsExpression => BinaryOperator.NotEqual,
        SyntaxKind.LessThanExpression => BinaryOperator.Less,
        SyntaxKind.LessThanOrEqualExpression => BinaryOperator.LessOrEqual,
        SyntaxKind.GreaterThanExpression => BinaryOperator.Greater,
        SyntaxKind.GreaterThanOrEqualExpression => BinaryOperator.GreaterOrEqual,
        _ => throw Banned(syntax, $"'{syntax.OperatorToken.ValueText}'", "use arithmetic, bitwise, shift and comparison operators"),
    };

    private static bool IsComparison(BinaryOperator op) => op is >= BinaryOperator.Equal and <= BinaryOperator.GreaterOrEqual;

    private static string InsteadOnFloats(BinaryOperator op) => op switch
    {
        BinaryOperator.Add => "write 'add(a, b, rm)'",
        BinaryOperator.Subtract => "write 'subtract(a, b, rm)'",
        BinaryOperator.Multiply => "write 'multiply(a, b, rm)'",
        BinaryOperator.Divide => "write 'divide(a, b, rm)'",
        BinaryOperator.Equal => "write 'equal(a, b)'",
        BinaryOperator.Less or BinaryOperator.Greater => "write 'less(a, b)'",
        BinaryOperator.LessOrEqual or BinaryOperator.GreaterOrEqual => "write 'lessOrEqual(a, b)'",
        _ => "take 'bits(value)' first",
    };

    private static ValueType Promote(ValueType type) => type.Width() < 32 ? ValueType.I32 : type;

    // C#'s binary numeric promotion, with its exception for constants that fit an unsigned type.
    private static ValueType? CommonType(Expression left, Expression right)
    {
        var (a, b) = (Promote(left.Type), Promote(right.Type));
        if (a == b)
            return a;
        if (a == ValueType.U64 || b == ValueType.U64)
            return CanConvert(left, ValueType.U64) && CanConvert(right, ValueType.U64) ? ValueType.U64 : null;
        if (a == ValueType.I64 || b == ValueType.I64)
            return ValueType.I64;
        return CanConvert(left, ValueType.U32) && CanConvert(right, ValueType.U32) ? ValueType.U32 : ValueType.I64;
    }

    // Implicit conversions, with C#'s for constants: an int to any integer that holds it, a long to ulong.
    private static bool CanConvert(Expression expression, ValueType type)
    {
        if (ValueTypes.IsImplicit(expression.Type, type))
            return true;
        return expression is Constant constant && type.IsInteger()
            && (constant.Type == ValueType.I32 || constant.Type == ValueType.I64 && type == ValueType.U64)
            && ValueTypes.Fits(constant.Type, constant.Bits, type);
    }

    private Expression Convert(Expression expression, ValueType type, SyntaxNode syntax)
    {
        if (CanConvert(expression, type))
            return Cast(expression, type);
        var instead = (expression.Type, type) switch
        {
            (ValueType.Bool, _) => "write 'condition ? 1 : 0'",
            (ValueType.F32, ValueType.F64) => "write 'toDouble(value, rm)'",
            (ValueType.F64, ValueType.F32) => "write 'toFloat(value, rm)'",
            (ValueType.F32 or ValueType.F64, _) => "write 'bits(value)' for its bits",
            (_, ValueType.F32) => "write 'floatFromBits(value)' for bits, or 'toFloat(value, rm)' for a value",
            (_, ValueType.F64) => "write 'doubleFromBits(value)' for bits, or 'toDouble(value, rm)' for a value",
            (_, ValueType.Bool) => "write 'value != 0'",
            _ => $"write '({NameOnThisVariant(type)}){Parenthesized(syntax)}'",
        };
        throw Error("DBT205", syntax, expression.Type.Name(), type.Name(), instead);
    }

    private string NameOnThisVariant(ValueType type) => type == Word ? "word" : type.Name();

    private static string Parenthesized(SyntaxNode syntax) =>
        syntax is BinaryExpressionSyntax or ConditionalExpressionSyntax ? $"({syntax})" : syntax.ToString();

    private static Expression Cast(Expression expression, ValueType type) =>
        expression.Type == type ? expression : new Tree.Conversion(expression.Location, type, expression).Fold();
}
