using Dbt.Generators.Semantics.Tree;
using Dbt.Generators.Spec;
using Dbt.Generators.Spec.Model;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Dbt.Generators.Semantics;

internal sealed partial class Binder
{
    // A row is a call of its base row when it is one call, and either a row has that name or the arguments have names.
    private InvocationExpressionSyntax? FindBaseCall(BlockSyntax block)
    {
        if (block.Statements.Count != 1 || block.Statements[0] is not ExpressionStatementSyntax { Expression: InvocationExpressionSyntax call })
            return null;
        var name = call.Expression.ToString();
        if (call.ArgumentList.Arguments.Any(argument => argument.NameColon != null))
            return call;
        return !IntrinsicTable.Names.Contains(name) && BaseRow(name) != null ? call : null;
    }

    private RowModel? BaseRow(string name) =>
        scope.Called.FirstOrDefault(row => row.Mnemonic == name && row.Variants.Contains(scope.Variant.Name));

    private SemanticsException UnknownBase(InvocationExpressionSyntax call)
    {
        var name = call.Expression.ToString();
        return Error("DBT213", call.Expression, name, scope.Variant.Name, Suggestion.For(name, scope.Called.Select(row => row.Mnemonic)));
    }

    private BaseCall BindBaseCall(InvocationExpressionSyntax call)
    {
        var row = BaseRow(call.Expression.ToString()) ?? throw UnknownBase(call);
        var arguments = new List<BaseArgument>();
        foreach (var argument in call.ArgumentList.Arguments)
        {
            if (argument.NameColon == null)
                throw Error("DBT214", argument, argument.ToString(), $"write 'field: {argument}'");
            var name = argument.NameColon.Name.Identifier.ValueText;
            var target = row.Fields.FirstOrDefault(field => field.Name == name)
                ?? throw Error("DBT214", argument.NameColon.Name, name, $"'{row.Mnemonic}' has no such field.{Suggestion.For(name, row.Fields.Select(field => field.Name))}");
            if (arguments.Any(other => other.Target.Name == name))
                throw Error("DBT214", argument.NameColon.Name, name, "it is given twice");
            arguments.Add(BindBaseArgument(target, argument.Expression));
        }
        var missing = row.Fields.FirstOrDefault(field => arguments.All(argument => argument.Target.Name != field.Name));
        if (missing != null)
            throw Error("DBT214", call, missing.Name, $"it is missing; write '{missing.Name}: …'");
        return new BaseCall(row, arguments);
    }

    private BaseArgument BindBaseArgument(FieldModel target, ExpressionSyntax syntax)
    {
        if (scope.Fields.FirstOrDefault(field => field.Name == syntax.ToString()) is { } source)
        {
            if (source.Kind == FieldKind.Register != (target.Kind == FieldKind.Register) || source.RegisterFile != target.RegisterFile)
                throw Error("DBT204", syntax, target.Name, Describe(target), Describe(source), "pass a field of the same kind");
            usedFields.Add(source.Name);
            return new BaseArgument(target, source, 0);
        }
        if (Bind(syntax) is not Constant { Type: ValueType.I32 } number)
            throw Error("DBT204", syntax, target.Name, "a field or a number", $"'{syntax}'", "computing belongs into the base row");
        if (target.Kind == FieldKind.Register)
        {
            var file = scope.Isa.RegisterFiles.First(file => file.Name == target.RegisterFile);
            if (number.Bits < 0 || number.Bits >= file.Count)
                throw Error("DBT204", syntax, target.Name, $"a register number below {file.Count}", $"'{syntax}'", "name a register that exists");
        }
        return new BaseArgument(target, null, number.Bits);
    }

    private static string Describe(FieldModel field) =>
        field.Kind == FieldKind.Register ? $"a register of file {field.RegisterFile}" : "a number";
}
