namespace Dbt.Translator.Hypercalls;

/// <summary>What becomes of a call at a site that is hot.</summary>
public enum HypercallKind
{
    /// <summary>The engine returns to its caller, each time: somebody wants to see the call.</summary>
    Trap,

    /// <summary>Nothing happens; the guest goes on behind the call.</summary>
    Nop,

    /// <summary>A few steps in the translation itself.</summary>
    Inline,

    /// <summary>A handler, without leaving translated code.</summary>
    Call,
}
