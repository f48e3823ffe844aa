namespace Dbt.Translator.Hypercalls;

/// <summary>What a <see cref="HypercallStep"/> does.</summary>
public enum HypercallStepKind
{
    /// <summary>A register becomes a constant.</summary>
    Set,

    /// <summary>A register becomes one of the hart's words.</summary>
    Load,

    /// <summary>One of the hart's words becomes a register.</summary>
    Store,

    /// <summary>A constant is added to one of the hart's words.</summary>
    Add,
}
