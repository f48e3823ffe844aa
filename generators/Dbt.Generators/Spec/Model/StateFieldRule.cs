namespace Dbt.Generators.Spec.Model;

/// <summary>What a write through a csr does to a field: "write any, read legal".</summary>
internal enum StateFieldRule
{
    /// <summary>Takes every value.</summary>
    Any,

    /// <summary><c>fixed</c>: keeps what it has.</summary>
    Fixed,

    /// <summary><c>in V…</c>: takes these values and keeps what it has otherwise.</summary>
    In,

    /// <summary><c>as V…</c>: becomes the value at the place of what is written.</summary>
    As,

    /// <summary><c>when FIELD V</c>: reads 1 while that field has that value.</summary>
    When,
}
