namespace Dbt.Generators.Spec.Model;

/// <summary>One extension: a spec file, resolved and checked by itself (and against what it requires).</summary>
internal sealed record ExtensionModel(
    string Name,
    string Status,
    string Version,
    string Title,
    EquatableArray<string> Requires,
    EquatableArray<ImplicationModel> Implies,
    EquatableArray<RowModel> Rows,
    EquatableArray<AliasModel> Aliases,
    EquatableArray<CsrModel> Csrs,
    EquatableArray<GuardModel> Guards,
    bool SystemOnly,
    string Path,
    SpecLocation Location);
