namespace Dbt.Bench.Comparing;

/// <summary>The two means that comparisons are made with.</summary>
internal static class Statistics
{
    /// <summary>The one in the middle; of two in the middle their mean.</summary>
    public static double Median(IReadOnlyList<double> values)
    {
        var sorted = values.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }

    /// <summary>The geometric mean, which is right for ratios; NaN of none.</summary>
    public static double GeometricMean(IReadOnlyCollection<double> ratios) =>
        ratios.Count == 0 ? double.NaN : Math.Exp(ratios.Sum(Math.Log) / ratios.Count);
}
