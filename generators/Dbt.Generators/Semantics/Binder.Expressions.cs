using Dbt.Generators.Semantics.Tree;
using Dbt.Generators.Spec.Model;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Dbt.Generators.Semantics;

internal sealed partial class Binder
{
    private Expression Bind(ExpressionSyntax syntax) => syntax switch
    {
        ParenthesizedExpressionSyntax parenthesized => Bind(parenthesized.Expression),
        LiteralExpressionSyntax literal => BindLiteral(literal),
        IdentifierNameSyntax identifier => BindName(identifier),
        PrefixUnaryExpressionSyntax unary => BindUnary(unary),
        BinaryExpressionSyntax binary => BindBinary(binary),
        ConditionalExpressionSyntax conditional => BindConditional(conditional),
        CastExpressionSyntax cast => BindCast(cast),
        InvocationExpressionSyntax call => BindCall(call),
        AssignmentExpressionSyntax => throw Banned(syntax, "an assignment inside an expression", "make it a statement"),
        AnonymousFunctionExpressionSyntax => throw Banned(syntax, "a lambda", "write its body where it is used"),
        PostfixUnaryExpressionSyntax => throw Banned(syntax, "a change inside an expression", "make it a statement"),
        ElementAccessExpressionSyntax => throw Banned(syntax, "an index", "registers are named by fields, memory is read by 'load<type>(address)'"),
        MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax word } member when FindState(word) is { } state => BindStateField(member, state),
        MemberAccessExpressionSyntax => throw Banned(syntax, "a member", "use the functions of isa-specs/README.md"),
        _ => throw Banned(syntax, $"'{syntax}'", "use operators, casts, '?:' and the functions of isa-specs/README.md"),
    };

    private Constant BindLiteral(LiteralExpressionSyntax syntax)
    {
        var location = At(syntax);
        return syntax.Token.Value switch
        {
            int value => new Constant(location, ValueType.I32, value),
            uint value => new Constant(location, ValueType.U32, value),
            long value => new Constant(location, ValueType.I64, value),
            ulong value => new Constant(location, ValueType.U64, unchecked((long)value)),
            bool value => new Constant(location, ValueType.Bool, value ? 1 : 0),
            float or double or decimal => throw Banned(syntax, "a floating-point literal", "write 'doubleFromBits(0x…)' or 'floatFromBits(0x…)'"),
            string or char => throw Banned(syntax, "text", "semantics know numbers only"),
            _ => throw Banned(syntax, $"'{syntax}'", "write a number"),
        };
    }

    private Expression BindName(IdentifierNameSyntax syntax)
    {
        var name = syntax.Identifier.ValueText;
        var location = At(syntax);
        if (locals.TryGetValue(name, out var local))
            return new LocalRead(location, local.Type, local);
        var field = scope.Fields.FirstOrDefault(field => field.Name == name);
        if (field != null)
            return BindFieldValue(syntax, field);
        if (FindState(syntax) is { } state)
            return new StateRead(location, ValueType.I64, state, null);
        if (!IsKnown(name))
            throw UnknownName(syntax, KnownNames());
        return name switch
        {
            "pc" or "next" => new ProgramCounter(location, Word, name == "next"),
            "wordBits" => new Constant(location, ValueType.I32, scope.Variant.WordBits),
            "value" => new WrittenValue(location, Word),
            "interruptLines" => new HartRead(location, ValueType.I64, HartValue.InterruptLines),
            _ => new HartRead(location, Word, name == "fpFlags" ? HartValue.FpFlags : HartValue.FpRounding),
        };
    }

    private bool IsKnown(string name) => name switch
    {
        "pc" or "next" => !scope.IsCsr,
        "wordBits" => true,
        "value" => scope.HasWrittenValue,
        "fpFlags" or "fpRounding" or "interruptLines" => scope.IsCsr,
        _ => scope.Fields.Any(field => field.Name == name),
    };

    private IEnumerable<string> KnownNames() =>
        scope.Fields.Select(field => field.Name).Concat(locals.Keys)
            .Concat(new[] { "pc", "next", "wordBits", "value", "fpFlags", "fpRounding", "interruptLines" }.Where(IsKnown))
            .Concat(scope.Isa.States.Select(state => state.Name));

    // What fields are called is nearer: an encoding's field hides a state of the same name.
    private StateModel? FindState(IdentifierNameSyntax syntax)
    {
        var name = syntax.Identifier.ValueText;
        return locals.ContainsKey(name) || IsKnown(name) ? null : scope.Isa.States.FirstOrDefault(state => state.Name == name);
    }

    private StateRead BindStateField(MemberAccessExpressionSyntax syntax, StateModel state)
    {
        var name = syntax.Name.Identifier.ValueText;
        var field = state.Fields.FirstOrDefault(field => field.Name == name)
            ?? throw Error("DBT201", syntax.Name, $"field of '{state.Name}'", name, string.Join(", ", state.Fields.Select(field => field.Name)),
                Spec.Suggestion.For(name, state.Fields.Select(field => field.Name)));
        return new StateRead(At(syntax), field.Width < 32 ? ValueType.I32 : ValueType.I64, state, field);
    }

    private Expression BindFieldValue(IdentifierNameSyntax syntax, FieldModel field)
    {
        usedFields.Add(field.Name);
        var location = At(syntax);
        return field.Kind switch
        {
            FieldKind.Register => new RegisterRead(location, RegisterType(field), field),
            FieldKind.Signed or FieldKind.Upper => new FieldValue(location, Word, field),
            FieldKind.Unsigned or FieldKind.Hex or FieldKind.Shift => new FieldValue(location, ValueType.I32, field),
            FieldKind.Csr => throw Error("DBT204", syntax, field.Name, "to be passed to csrRead or csrWrite", "used as a number", "write 'csrRead(csr, true)'"),
            FieldKind.Rounding => throw Error("DBT204", syntax, field.Name, "to be the last argument of a function that rounds", "used as a number", "write 'add(fs1, fs2, rm)'"),
            FieldKind.Order => throw Error("DBT204", syntax, field.Name, "to be the last argument of an atomic access", "used as a number", "write 'fetchAdd<int>(rs1, (int)rs2, aqrl)'"),
            _ => throw Error("DBT204", syntax, field.Name, "to be passed to fence", "used as a number", "write 'fence(pred, succ)'"),
        };
    }

    private ValueType RegisterType(FieldModel field) => field.View switch
    {
        RegisterView.BoxedFloat => ValueType.F32,
        RegisterView.Double => ValueType.F64,
        _ => ValueTypes.FromName(scope.Isa.RegisterFiles.First(file => file.Name == field.RegisterFile).Type, scope.Variant.WordBits) ?? Word,
    };

    private Expression BindCast(CastExpressionSyntax syntax)
    {
        var type = TypeOf(syntax.Type);
        var operand = Bind(syntax.Expression);
        if (operand.Type == type)
            return operand;
        if (type.IsInteger() && operand.Type.IsInteger())
            return Cast(operand, type);
        var instead = (operand.Type, type) switch
        {
            (ValueType.Bool, _) => "write 'condition ? 1 : 0'",
            (_, ValueType.Bool) => "write 'value != 0'",
            (ValueType.F32 or ValueType.F64, ValueType.F32 or ValueType.F64) => "conversions round: write 'toDouble(value, rm)' or 'toFloat(value, rm)'",
            (ValueType.F32 or ValueType.F64, _) => "write 'bits(value)' for its bits, or 'toInt(value, rm)' and its like for its value",
            _ => "write 'doubleFromBits(value)' and its like for bits, or 'toDouble(value, rm)' for a value",
        };
        throw Error("DBT205", syntax, operand.Type.Name(), type.Name(), instead);
    }

    private ValueType TypeOf(TypeSyntax syntax) =>
        ValueTypes.FromName(syntax.ToString(), scope.Variant.WordBits)
        ?? throw Error("DBT201", syntax, "type", syntax.ToString(), string.Join(", ", ValueTypes.Names), Spec.Suggestion.For(syntax.ToString(), ValueTypes.Names));

    private Expression BindUnary(PrefixUnaryExpressionSyntax syntax)
    {
        // -9223372036854775808 and -2147483648 are literals with a sign in C#.
        var op = syntax.Kind() switch
        {
            SyntaxKind.UnaryMinusExpression => UnaryOperator.Negate,
            SyntaxKind.BitwiseNotExpression => UnaryOperator.Complement,
            SyntaxKind.LogicalNotExpression => UnaryOperator.Not,
            _ => throw Banned(syntax, $"'{syntax.OperatorToken.ValueText}' before a value", "use '-', '~' or '!'"),
        };
        var operand = Bind(syntax.Operand);
        if (op == UnaryOperator.Negate && operand is Constant { Type: ValueType.U32, Bits: 0x80000000 })
            return new Constant(At(syntax), ValueType.I32, int.MinValue);
        if (op == UnaryOperator.Negate && operand is Constant { Type: ValueType.U64, Bits: long.MinValue })
            return new Constant(At(syntax), ValueType.I64, long.MinValue);
        if (op == UnaryOperator.Not)
            return new Unary(At(syntax), ValueType.Bool, op, ExpectBool(operand, syntax)).Fold();
        if (operand.Type.IsFloat() && op == UnaryOperator.Negate)
            return new Unary(At(syntax), operand.Type, op, operand);
        if (!operand.Type.IsInteger() || op == UnaryOperator.Negate && operand.Type == ValueType.U64)
            throw Error("DBT215", syntax, syntax.OperatorToken.ValueText, operand.Type.Name(), operand.Type == ValueType.U64 ? "cast to a signed type" : "use integers");
        var type = Promote(operand.Type);
        if (op == UnaryOperator.Negate && type == ValueType.U32)
            type = ValueType.I64;
        return new Unary(At(syntax), type, op, Cast(operand, type)).Fold();
    }

    private Expression BindConditional(ConditionalExpressionSyntax syntax)
    {
        var condition = BindCondition(syntax.Condition);
        var then = Bind(syntax.WhenTrue);
        var otherwise = Bind(syntax.WhenFalse);
        RequirePure(then);
        RequirePure(otherwise);
        ValueType type;
        if (then.Type == otherwise.Type)
            type = then.Type;
        else if (CanConvert(then, otherwise.Type) && !CanConvert(otherwise, then.Type))
            type = otherwise.Type;
        else if (CanConvert(otherwise, then.Type))
            type = then.Type;
        else
            throw Error("DBT206", syntax, "?:", then.Type.Name(), otherwise.Type.Name());
        return new Conditional(At(syntax), type, condition, Cast(then, type), Cast(otherwise, type)).Fold();
    }

    private Expression BindCondition(ExpressionSyntax syntax) => ExpectBool(Bind(syntax), syntax);

    private Expression ExpectBool(Expression expression, Microsoft.CodeAnalysis.SyntaxNode syntax) =>
        expression.Type == ValueType.Bool ? expression : throw Error("DBT205", syntax, expression.Type.Name(), "bool", "write 'value != 0'");

    private static void RequirePure(Expression expression)
    {
        var impure = expression.DescendantsAndSelf().FirstOrDefault(Purity.IsImpure);
        if (impure != null)
            throw new SemanticsException(new Spec.SpecDiagnostic("DBT216", impure.Location, default));
    }
}
