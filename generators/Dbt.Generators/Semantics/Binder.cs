using Dbt.Generators.Semantics.Tree;
using Dbt.Generators.Spec;
using Dbt.Generators.Spec.Model;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Dbt.Generators.Semantics;

/// <summary>Turns the C# of a semantics column into a typed tree for one variant, or says what is wrong with it.</summary>
internal sealed partial class Binder
{
    private readonly SemanticsScope scope;
    private readonly SpecText text;
    private readonly List<SpecDiagnostic> diagnostics;
    private readonly Dictionary<string, Local> locals = [];
    private readonly HashSet<string> usedFields = [];
    private int prefix;

    public Binder(SemanticsScope scope, SpecText text, List<SpecDiagnostic> diagnostics)
    {
        this.scope = scope;
        this.text = text;
        this.diagnostics = diagnostics;
    }

    /// <summary>Names of the fields that were read, written or passed on.</summary>
    public IReadOnlyCollection<string> UsedFields => usedFields;

    private ValueType Word => ValueTypes.Word(scope.Variant.WordBits);

    /// <summary>Binds statements; null when something is wrong.</summary>
    public IReadOnlyList<Statement>? BindStatements()
    {
        var block = ParseBlock();
        return block == null ? null : Guard(() => BindBlock(block.Statements));
    }

    /// <summary>Binds the call of a base row; null when something is wrong.</summary>
    public BaseCall? BindBaseCall(out bool isCall)
    {
        var block = ParseBlock();
        var call = block == null ? null : FindBaseCall(block);
        isCall = call != null;
        return call == null ? null : Guard(() => BindBaseCall(call));
    }

    /// <summary>Binds one expression, converted to a type; null when something is wrong.</summary>
    public Expression? BindExpression(ValueType type)
    {
        var syntax = SyntaxFactory.ParseExpression(text.Text);
        prefix = 0;
        return HasSyntaxErrors(syntax) ? null : Guard(() => Cast(Bind(syntax), type));
    }

    private BlockSyntax? ParseBlock()
    {
        // The line break keeps a comment from swallowing the closing brace.
        prefix = 1;
        var syntax = SyntaxFactory.ParseStatement("{" + text.Text + "\n}");
        return HasSyntaxErrors(syntax) ? null : syntax as BlockSyntax;
    }

    private bool HasSyntaxErrors(SyntaxNode syntax)
    {
        foreach (var error in syntax.GetDiagnostics())
        {
            if (error.Severity != DiagnosticSeverity.Error)
                continue;
            var span = error.Location.SourceSpan;
            var start = Math.Min(Math.Max(span.Start - prefix, 0), text.Text.Length);
            var length = Math.Max(1, Math.Min(span.Length, text.Text.Length - start));
            var message = error.GetMessage(System.Globalization.CultureInfo.InvariantCulture);
            diagnostics.Add(new SpecDiagnostic("DBT200", text.At(start, length), new([message])));
            return true;
        }
        return false;
    }

    // One error a row is enough: what follows from it only distracts.
    private T? Guard<T>(Func<T> bind)
        where T : class
    {
        try
        {
            return bind();
        }
        catch (SemanticsException error)
        {
            diagnostics.Add(error.Diagnostic);
            return null;
        }
    }

    private SpecLocation At(SyntaxNode node) => text.At(Math.Max(0, node.SpanStart - prefix), Math.Max(1, node.Span.Length));

    private SemanticsException Error(string id, SyntaxNode node, params string[] arguments) =>
        new(new SpecDiagnostic(id, At(node), new(arguments)));

    private SemanticsException Banned(SyntaxNode node, string what, string instead) => Error("DBT207", node, what, instead);
}
