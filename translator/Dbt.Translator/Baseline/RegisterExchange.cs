namespace Dbt.Translator.Baseline;

/// <summary>A guest register that has the host register of a hot one in some block, and the hot one, which is in its home there.</summary>
/// <param name="Guest">Number of the register in the host register.</param>
/// <param name="Hot">Number of the hot register.</param>
internal sealed record RegisterExchange(int Guest, int Hot);
