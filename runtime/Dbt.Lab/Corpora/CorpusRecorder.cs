using Dbt.Translator;

namespace Dbt.Lab.Corpora;

/// <summary>Decides which regions of a run are captured: those at the places where the program is seen again and again.</summary>
/// <param name="capturer">Captures them.</param>
/// <param name="nameOf">Names guest addresses.</param>
internal sealed class CorpusRecorder(RegionCapturer capturer, Func<ulong, string?> nameOf)
{
    // Often enough that it is no accident, and a part of the run that matters.
    private const int FewestSamples = 4;
    private const double SmallestShare = 0.002;

    // A place from which a system call is always near is given up.
    private const int MostAttempts = 4;

    // Of the blocks of two regions in common, as a fraction.
    private const double SameWork = 0.9;

    private readonly Dictionary<ulong, Place> _places = [];
    private long _weight;

    private sealed class Place
    {
        public long Weight;
        public int Samples;
        public int Attempts;
        public CapturedRegion? Region;
    }

    /// <summary>Where the engine was interrupted, and had gone on to a jump's target.</summary>
    public void Arrived(Hart hart, long weight)
    {
        ArgumentNullException.ThrowIfNull(hart);
        unsafe
        {
            var pc = hart.State->Pc;
            if (!_places.TryGetValue(pc, out var place))
                _places.Add(pc, place = new Place());
            place.Weight += weight;
            place.Samples++;
            _weight += weight;
            if (place.Region is not null || place.Samples < FewestSamples || place.Attempts >= MostAttempts || place.Weight < _weight * SmallestShare)
                return;
            place.Attempts++;
            place.Region = capturer.Capture(hart, nameOf(pc) ?? "");
        }
    }

    /// <summary>The regions of the hottest places. Places in the same loop have one region, which stands for all of them.</summary>
    /// <param name="most">How many.</param>
    public IReadOnlyList<CapturedRegion> Take(int most)
    {
        var taken = new List<(CapturedRegion Region, HashSet<ulong> Blocks)>();
        foreach (var place in _places.Values.Where(place => place.Region is not null).OrderByDescending(place => place.Weight))
        {
            var region = place.Region! with { Share = (double)place.Weight / _weight };
            var blocks = region.Blocks.Select(block => block.Start).ToHashSet();
            var same = taken.FindIndex(other => Likeness(blocks, other.Blocks) >= SameWork);
            if (same < 0)
                taken.Add((region, blocks));
            else
                taken[same] = (taken[same].Region with { Share = taken[same].Region.Share + region.Share }, taken[same].Blocks);
        }
        return [.. taken.Select(pair => pair.Region).OrderByDescending(region => region.Share).Take(most)];
    }

    private static double Likeness(HashSet<ulong> a, HashSet<ulong> b)
    {
        var common = a.Count(b.Contains);
        return (double)common / (a.Count + b.Count - common);
    }
}
