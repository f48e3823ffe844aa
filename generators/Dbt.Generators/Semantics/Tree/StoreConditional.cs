using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Semantics.Tree;

/// <summary><c>storeConditional&lt;T&gt;(address, value, order)</c>: 0 when it stored, else 1. May fault.</summary>
internal sealed record StoreConditional(SpecLocation Location, ValueType AccessType, Expression Address, Expression Value) : Expression(Location, ValueType.I32);
