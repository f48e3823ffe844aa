using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Semantics.Tree;

/// <summary><c>csrWrite(csr, value)</c>. An unknown or read-only register is an illegal instruction.</summary>
internal sealed record CsrWrite(SpecLocation Location, FieldModel Csr, Expression Value) : Statement(Location);
