using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Semantics.Tree;

/// <summary><c>loadReserved&lt;T&gt;(address, order)</c>. May fault.</summary>
internal sealed record LoadReserved(SpecLocation Location, ValueType Type, Expression Address) : Expression(Location, Type);
