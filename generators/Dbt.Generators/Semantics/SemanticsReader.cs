using Dbt.Generators.Semantics.Tree;
using Dbt.Generators.Spec;
using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Semantics;

/// <summary>Reads and checks the semantics of an extension's rows and csr lines.</summary>
internal static class SemanticsReader
{
    /// <summary>What a row does on a variant; null when something is wrong with it.</summary>
    public static RowSemantics? Read(RowModel row, VariantModel variant, IsaModel isa, IReadOnlyList<RowModel> called, List<SpecDiagnostic> diagnostics)
    {
        var scope = new SemanticsScope(variant, isa, row.Fields, called);
        var binder = new Binder(scope, row.Semantics, diagnostics);
        var before = diagnostics.Count;
        var call = binder.BindBaseCall(out var isCall);
        if (diagnostics.Count > before)
            return null;
        var statements = isCall ? [] : binder.BindStatements();
        if (statements == null)
            return null;
        if (FindUnused(row, binder.UsedFields) is { } unused)
            diagnostics.Add(unused);
        else if (FaultOrder.Check(statements) is { } disorder)
            diagnostics.Add(disorder);
        return diagnostics.Count > before ? null : new RowSemantics(row, variant, EntryReads.Hoist(statements), call);
    }

    /// <summary>The value of a csr, as <c>word</c>.</summary>
    public static Expression? ReadValue(CsrModel csr, VariantModel variant, IsaModel isa, List<SpecDiagnostic> diagnostics) =>
        new Binder(new SemanticsScope(variant, isa, [], [], IsCsr: true), csr.Read, diagnostics)
            .BindExpression(ValueTypes.Word(variant.WordBits));

    /// <summary>What a write to a csr does.</summary>
    public static IReadOnlyList<Statement>? ReadWrite(CsrModel csr, VariantModel variant, IsaModel isa, List<SpecDiagnostic> diagnostics) =>
        new Binder(new SemanticsScope(variant, isa, [], [], IsCsr: true, HasWrittenValue: true), csr.Write, diagnostics)
            .BindStatements();

    /// <summary>The condition of a guard.</summary>
    public static Expression? ReadGuard(GuardModel guard, VariantModel variant, IsaModel isa, List<SpecDiagnostic> diagnostics) =>
        new Binder(new SemanticsScope(variant, isa, [], [], IsCsr: true), guard.Condition, diagnostics)
            .BindExpression(ValueType.Bool);

    // Fields in braces are carried without a meaning.
    private static SpecDiagnostic? FindUnused(RowModel row, IReadOnlyCollection<string> used)
    {
        var hidden = row.Operands.Where(operand => operand.Hidden).Select(operand => operand.Field).ToArray();
        var unused = row.Fields.FirstOrDefault(field => !used.Contains(field.Name) && !hidden.Contains(field.Name));
        if (unused == null)
            return null;
        var first = row.Operands.FirstOrDefault(operand => operand.Field.Length > 0);
        var isResult = unused.Kind == FieldKind.Register && first.Field == unused.Name;
        return new SpecDiagnostic(isResult ? "DBT212" : "DBT211", row.Semantics.Location, new([unused.Name]));
    }
}
