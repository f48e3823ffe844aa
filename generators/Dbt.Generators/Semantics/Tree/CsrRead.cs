using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Semantics.Tree;

/// <summary><c>csrRead(csr, wanted)</c>. An unknown register is an illegal instruction.</summary>
internal sealed record CsrRead(SpecLocation Location, ValueType Type, FieldModel Csr, Expression Wanted) : Expression(Location, Type);
