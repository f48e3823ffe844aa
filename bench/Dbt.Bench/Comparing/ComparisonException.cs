namespace Dbt.Bench.Comparing;

/// <summary>Something that the user of <c>bench/compare</c> can mend: shown as one line.</summary>
internal sealed class ComparisonException(string message) : Exception(message);
