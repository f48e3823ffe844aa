using Dbt.Generators.Semantics.Tree;
using Dbt.Generators.Spec;
using Dbt.Generators.Spec.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Dbt.Generators.Semantics;

internal sealed partial class Binder
{
    private static readonly string[] TrapReasons = ["EnvironmentCall", "Breakpoint", "IllegalInstruction"];

    private List<Statement> BindBlock(IEnumerable<StatementSyntax> syntaxes)
    {
        var statements = new List<Statement>();
        foreach (var syntax in syntaxes)
        {
            if (syntax is EmptyStatementSyntax)
                continue;
            if (statements.Count > 0 && ControlFlow.MayLeave(statements[statements.Count - 1]))
                throw Error("DBT210", syntax);
            BindStatement(syntax, statements);
        }
        return statements;
    }

    private void BindStatement(StatementSyntax syntax, List<Statement> into)
    {
        switch (syntax)
        {
            case BlockSyntax block:
                into.AddRange(BindBlock(block.Statements));
                break;
            case LocalDeclarationStatementSyntax declaration:
                into.Add(BindDeclaration(declaration));
                break;
            case IfStatementSyntax branch:
                into.Add(new If(
                    At(branch),
                    BindCondition(branch.Condition),
                    BindBlock([branch.Statement]),
                    branch.Else == null ? [] : BindBlock([branch.Else.Statement])));
                break;
            case ExpressionStatementSyntax { Expression: AssignmentExpressionSyntax assignment }:
                into.Add(BindAssignment(assignment));
                break;
            case ExpressionStatementSyntax { Expression: InvocationExpressionSyntax call }:
                into.Add(BindCallStatement(call));
                break;
            case ForStatementSyntax or WhileStatementSyntax or DoStatementSyntax or CommonForEachStatementSyntax:
                throw Banned(syntax, "a loop", "write the steps out, or use an intrinsic");
            case LocalFunctionStatementSyntax:
                throw Banned(syntax, "a function", "write its body where it is used");
            case ReturnStatementSyntax:
                throw Banned(syntax, "'return'", "use if and else");
            case ThrowStatementSyntax or TryStatementSyntax:
                throw Banned(syntax, "an exception", "write 'trap(IllegalInstruction);'");
            default:
                throw Banned(syntax, Describe(syntax), "use assignments to registers, 'var', 'if' and calls");
        }
    }

    private DeclareLocal BindDeclaration(LocalDeclarationStatementSyntax syntax)
    {
        if (syntax.Declaration.Variables.Count != 1)
            throw Banned(syntax, "a list of variables", "declare one after the other");
        var variable = syntax.Declaration.Variables[0];
        if (variable.Initializer == null)
            throw Banned(variable, "a variable without a value", "write 'var name = value;'");
        var name = variable.Identifier.ValueText;
        if (locals.ContainsKey(name) || IsKnown(name))
            throw Error("DBT208", variable, name, "the name is taken; choose another");
        var value = Bind(variable.Initializer.Value);
        if (!syntax.Declaration.Type.IsVar)
            value = Convert(value, TypeOf(syntax.Declaration.Type), variable.Initializer.Value);
        var local = new Local(name, value.Type, locals.Count);
        locals.Add(name, local);
        return new DeclareLocal(At(syntax), local, value);
    }

    private Statement BindAssignment(AssignmentExpressionSyntax syntax)
    {
        if (!syntax.IsKind(SyntaxKind.SimpleAssignmentExpression))
            throw Banned(syntax, $"'{syntax.OperatorToken.ValueText}'", $"write '{syntax.Left} = {syntax.Left} {syntax.OperatorToken.ValueText.TrimEnd('=')} …'");
        if (syntax.Left is MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax word } member && FindState(word) is { } owner)
        {
            var target = BindStateField(member, owner);
            return new WriteState(At(syntax), owner, target.Field, Convert(Bind(syntax.Right), target.Type, syntax.Right));
        }
        if (syntax.Left is not IdentifierNameSyntax identifier)
            throw Error("DBT208", syntax.Left, syntax.Left.ToString(), "only register fields can be assigned to");
        var name = identifier.Identifier.ValueText;
        var field = scope.Fields.FirstOrDefault(field => field.Name == name);
        if (field?.Kind == FieldKind.Register)
        {
            usedFields.Add(name);
            return new WriteRegister(At(syntax), field, Convert(Bind(syntax.Right), RegisterType(field), syntax.Right));
        }
        if (field != null)
            throw Error("DBT208", identifier, name, "it is a part of the encoding; only register fields can be assigned to");
        if (scope.HasWrittenValue && name is "fpFlags" or "fpRounding")
        {
            var target = name == "fpFlags" ? HartValue.FpFlags : HartValue.FpRounding;
            return new WriteHart(At(syntax), target, Convert(Bind(syntax.Right), Word, syntax.Right));
        }
        if (FindState(identifier) is { } state)
            return new WriteState(At(syntax), state, null, Convert(Bind(syntax.Right), ValueType.I64, syntax.Right));
        if (locals.ContainsKey(name))
            throw Error("DBT208", identifier, name, "a local has one value; declare another local");
        if (IsKnown(name))
            throw Error("DBT208", identifier, name, name is "pc" or "next" ? "write 'jump(target);'" : "only register fields can be assigned to");
        throw UnknownName(identifier, scope.Fields.Where(field => field.Kind == FieldKind.Register).Select(field => field.Name));
    }

    private Statement BindCallStatement(InvocationExpressionSyntax syntax)
    {
        var arguments = syntax.ArgumentList.Arguments;
        var location = At(syntax);
        switch (syntax.Expression.ToString())
        {
            case "store":
                ExpectCount(syntax, 2, "store(address, value)");
                var address = BindAddress(arguments[0].Expression);
                var value = Bind(arguments[1].Expression);
                if (!value.Type.IsInteger())
                    throw Error("DBT204", arguments[1], "store", "an integer", value.Type.Name(), "write 'bits(value)' for a floating-point value");
                return new Store(location, address, value);
            case "jump":
                ExpectCount(syntax, 1, "jump(target)");
                return new Jump(location, BindAddress(arguments[0].Expression));
            case "trap":
                ExpectCount(syntax, 1, "trap(reason)");
                var reason = arguments[0].Expression.ToString();
                if (!TrapReasons.Contains(reason))
                    throw Error("DBT204", arguments[0], "trap", "one of " + string.Join(", ", TrapReasons), $"'{reason}'", "name a reason" + Suggestion.For(reason, TrapReasons));
                return new Trap(location, reason);
            case "fence":
                ExpectCount(syntax, 2, "fence(pred, succ)");
                return new Fence(location, BindAccessSet(arguments[0].Expression), BindAccessSet(arguments[1].Expression));
            case "fenceI":
                ExpectCount(syntax, 0, "fenceI()");
                return new Trap(location, "InstructionFence");
            case "waitForInterrupt":
                ExpectCount(syntax, 0, "waitForInterrupt()");
                return new Trap(location, "WaitForInterrupt");
            case "fenceTranslations":
                ExpectCount(syntax, 4, "fenceTranslations(anyAddress, address, anySpace, space)");
                return new TranslationFence(
                    location, BindCondition(arguments[0].Expression), BindAddress(arguments[1].Expression),
                    BindCondition(arguments[2].Expression), Convert(Bind(arguments[3].Expression), Word, arguments[3].Expression));
            case "zeroBlock":
                ExpectCount(syntax, 2, "zeroBlock(address, bytes)");
                if (Bind(arguments[1].Expression) is not Constant { Bits: > 0 and <= 4096 and var bytes } || (bytes & bytes - 1) != 0)
                    throw Error("DBT204", arguments[1], "zeroBlock", "a power of two of at most 4096", $"'{arguments[1]}'", "write a number");
                return new ZeroBlock(location, BindAddress(arguments[0].Expression), (int)bytes);
            case "manageBlock":
                ExpectCount(syntax, 1, "manageBlock(address)");
                return new ManageBlock(location, BindAddress(arguments[0].Expression));
            case "csrWrite":
                ExpectCount(syntax, 2, "csrWrite(csr, value)");
                return new CsrWrite(location, BindField(arguments[0].Expression, FieldKind.Csr, "csrWrite"), Convert(Bind(arguments[1].Expression), Word, arguments[1].Expression));
        }
        var result = Bind(syntax);
        if (result is not (AtomicUpdate or LoadReserved or StoreConditional or Load))
            throw Error("DBT217", syntax, syntax.ToString());
        return new Evaluate(location, result);
    }

    private Expression BindAccessSet(ExpressionSyntax syntax)
    {
        if (syntax is not IdentifierNameSyntax)
            return Convert(Bind(syntax), ValueType.I32, syntax);
        return new FieldValue(At(syntax), ValueType.I32, BindField(syntax, FieldKind.Fence, "fence"));
    }

    private static string Describe(SyntaxNode syntax) => $"'{syntax.ToString().Split('(', ' ', ';')[0]}'";
}
