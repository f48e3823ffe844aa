using Dbt.Generators.Semantics.Tree;
using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Semantics;

/// <summary>What a system register is, as far as compilers care.</summary>
internal static class CsrTraits
{
    /// <summary>
    /// Whether reads and writes of a register concern the hart's floating-point state only, so that they neither count instructions nor
    /// steer anything but floating point.
    /// </summary>
    public static bool IsFloatingPointState(CsrModel csr, VariantModel variant, IsaModel isa) =>
        csr.Write.Text.Length > 0 &&
        SemanticsReader.ReadValue(csr, variant, isa, []) is { } value &&
        value.DescendantsAndSelf().All(IsPure) &&
        SemanticsReader.ReadWrite(csr, variant, isa, []) is { } statements &&
        statements.All(statement => statement is WriteHart) &&
        statements.AllExpressions().All(IsPure);

    private static bool IsPure(Expression node) =>
        node is HartRead { Value: HartValue.FpFlags or HartValue.FpRounding } or WrittenValue or Constant or Binary or Unary or Conversion;
}
