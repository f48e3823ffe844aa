namespace Dbt.Generators.Semantics.Tree;

/// <summary>The names of <c>Dbt.Isa.Semantics.ValueType</c>, which has the documentation. A test keeps them equal.</summary>
internal enum ValueType
{
    Void,
    Bool,
    I8,
    U8,
    I16,
    U16,
    I32,
    U32,
    I64,
    U64,
    F32,
    F64,
}
