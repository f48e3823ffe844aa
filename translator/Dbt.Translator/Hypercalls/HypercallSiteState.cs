namespace Dbt.Translator.Hypercalls;

/// <summary>What a site does when it is reached.</summary>
public enum HypercallSiteState
{
    /// <summary>Leaves to the engine, which counts it.</summary>
    Exit,

    /// <summary>Looks which call it is, and calls its handler.</summary>
    Cached,

    /// <summary>Does what the handler does: by the instruction that is patched, or by going on into the steps behind it.</summary>
    Inlined,
}
