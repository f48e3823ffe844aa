namespace Dbt.Translator.Hypercalls;

/// <summary>How a compiler makes hypercall sites.</summary>
/// <param name="Table">What becomes of calls.</param>
/// <param name="Counts">Whether sites count calls that do not leave.</param>
internal sealed record HypercallSettings(HypercallTable Table, bool Counts);
