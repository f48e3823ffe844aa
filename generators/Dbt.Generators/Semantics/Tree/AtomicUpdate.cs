using Dbt.Generators.Spec.Model;

namespace Dbt.Generators.Semantics.Tree;

/// <summary><c>fetchAdd&lt;T&gt;(address, value, order)</c> and its like; gives the old value. May fault.</summary>
internal sealed record AtomicUpdate(SpecLocation Location, ValueType Type, AtomicOperator Operator, Expression Address, Expression Value) : Expression(Location, Type);
