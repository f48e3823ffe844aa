namespace Dbt.Lab.Corpora;

/// <summary>Replays the regions of a corpus on several engines in turns, so that what disturbs one disturbs all.</summary>
/// <param name="corpus">The corpus.</param>
/// <param name="runs">Timed runs of each region.</param>
internal sealed class CorpusReplay(Corpus corpus, int runs)
{
    // Until engines that compile what is hot have compiled it.
    private const int WarmUps = 8;

    /// <summary>Replays everything.</summary>
    /// <param name="engines">How many engines there are.</param>
    /// <param name="create">Sets a region up for the engine with a number.</param>
    /// <param name="predict">What is expected of a region on the engine with a number; null for nothing.</param>
    /// <returns>For each engine its figures, region by region.</returns>
    public List<List<ReplayedRegion>> Run(int engines, Func<int, CapturedRegion, RegionReplay> create, Func<int, CapturedRegion, double?> predict)
    {
        var results = Enumerable.Range(0, engines).Select(_ => new List<ReplayedRegion>()).ToList();
        foreach (var region in corpus.Regions)
        {
            var replays = new List<RegionReplay>();
            try
            {
                for (var i = 0; i < engines; i++)
                    replays.Add(create(i, region));
                foreach (var replay in replays)
                {
                    for (var run = 0; run < WarmUps; run++)
                        replay.Run();
                    replay.Check();
                }
                for (var run = 0; run < runs; run++)
                    replays.ForEach(replay => replay.Run());
                for (var i = 0; i < engines; i++)
                {
                    replays[i].Check();
                    results[i].Add(replays[i].Describe(predict(i, region)));
                }
            }
            finally
            {
                replays.ForEach(replay => replay.Dispose());
            }
        }
        return results;
    }
}
