namespace Dbt.Lab.Corpora;

/// <summary>Two results of one corpus, region by region, the worst regression first.</summary>
internal sealed class ReplayComparison
{
    /// <summary>Compares them.</summary>
    /// <param name="a">What is compared with.</param>
    /// <param name="b">What is compared.</param>
    /// <exception cref="LabException">They are of different corpora.</exception>
    public ReplayComparison(ReplayResult a, ReplayResult b)
    {
        if (a.Corpus != b.Corpus)
            throw new LabException("lab diff", $"{a.Engine} and {b.Engine} were measured with different corpora", "replay the same corpus with both");
        Pairs = [.. a.Regions.Join(b.Regions, region => region.Start, region => region.Start, (before, after) => (before, after)).OrderByDescending(pair => Slowdown(pair.before, pair.after))];
    }

    /// <summary>The regions of both.</summary>
    public IReadOnlyList<(ReplayedRegion A, ReplayedRegion B)> Pairs { get; }

    /// <summary>How much slower B is on the whole: the geometric mean, weighted by the regions' shares. 1 is as fast, 2 takes twice as long.</summary>
    public double Mean
    {
        get
        {
            var weight = Pairs.Sum(pair => pair.A.Share);
            return weight == 0 ? 1 : Math.Exp(Pairs.Sum(pair => pair.A.Share * Math.Log(Slowdown(pair.A, pair.B))) / weight);
        }
    }

    /// <summary>How much slower B is on one region.</summary>
    public static double Slowdown(ReplayedRegion a, ReplayedRegion b) => b.Nanoseconds / a.Nanoseconds;

    /// <summary>Regions on which B is slower by more than a fraction.</summary>
    public int Regressions(double threshold) => Pairs.Count(pair => Slowdown(pair.A, pair.B) > 1 + threshold);
}
