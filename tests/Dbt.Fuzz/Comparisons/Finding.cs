namespace Dbt.Fuzz.Comparisons;

/// <summary>Something that is wrong.</summary>
/// <param name="Comparison">What found it.</param>
/// <param name="Summary">One line.</param>
/// <param name="Report">All that is needed to reproduce it.</param>
internal sealed record Finding(string Comparison, string Summary, string Report);
