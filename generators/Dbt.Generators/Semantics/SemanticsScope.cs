using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Semantics;

/// <summary>The names that a piece of semantics may use.</summary>
/// <param name="Variant">Register width; each row is bound once for every variant that has it.</param>
/// <param name="Isa">Register files.</param>
/// <param name="Fields">The encoding fields of the row; none in a csr line.</param>
/// <param name="Called">Rows that may be called.</param>
/// <param name="IsCsr">Whether it is a csr line, which may name <c>fpFlags</c>, <c>fpRounding</c> and <c>counter</c>.</param>
/// <param name="HasWrittenValue">Whether <c>value</c> is known: in the write part of a csr line.</param>
internal sealed record SemanticsScope(
    VariantModel Variant,
    IsaModel Isa,
    IReadOnlyList<FieldModel> Fields,
    IReadOnlyList<RowModel> Called,
    bool IsCsr = false,
    bool HasWrittenValue = false);
