namespace Dbt.Generators.Spec.Model;

/// <summary>As what a register field's value is read and written.</summary>
internal enum RegisterView
{
    /// <summary>The register file's own type.</summary>
    Own,

    /// <summary>binary32, NaN-boxed in a 64-bit register.</summary>
    BoxedFloat,

    /// <summary>binary64.</summary>
    Double,
}
