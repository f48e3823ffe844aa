using Dbt.Generators.Semantics.Tree;
using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Semantics;

/// <summary>What a row does on one variant: statements, or a call of its base row.</summary>
internal sealed record RowSemantics(RowModel Row, VariantModel Variant, IReadOnlyList<Statement> Statements, BaseCall? Base);
