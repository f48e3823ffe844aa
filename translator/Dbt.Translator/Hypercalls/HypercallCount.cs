namespace Dbt.Translator.Hypercalls;

/// <summary>How often a call was made, by how.</summary>
/// <param name="Key">The call.</param>
/// <param name="Kind">What becomes of it at hot sites; null when nobody said.</param>
/// <param name="Exits">Times that it left to the engine's caller.</param>
/// <param name="Handled">Times that it left translated code, and the engine made it and went on.</param>
/// <param name="Cached">Times that a site called its handler without leaving; 0 unless <see cref="Engines.EngineOptions.CountsHypercalls"/>.</param>
/// <param name="Inlined">Times that a site had it inlined; 0 unless <see cref="Engines.EngineOptions.CountsHypercalls"/>.</param>
public readonly record struct HypercallCount(HypercallKey Key, HypercallKind? Kind, long Exits, long Handled, long Cached, long Inlined)
{
    /// <summary>All of them.</summary>
    public long Total => Exits + Handled + Cached + Inlined;
}
