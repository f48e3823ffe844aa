namespace Dbt.Isa.Semantics;

/// <summary>Read-modify-write operations on guest memory; each gives the value that was there. Signs come from the type.</summary>
public enum AtomicOperator
{
    /// <summary>[fetchAdd&lt;T&gt;]</summary>
    Add,

    /// <summary>[fetchAnd&lt;T&gt;]</summary>
    And,

    /// <summary>[fetchOr&lt;T&gt;]</summary>
    Or,

    /// <summary>[fetchXor&lt;T&gt;]</summary>
    Xor,

    /// <summary>[exchange&lt;T&gt;]</summary>
    Exchange,

    /// <summary>[fetchMin&lt;T&gt;]</summary>
    Minimum,

    /// <summary>[fetchMax&lt;T&gt;]</summary>
    Maximum,
}
