using System.Diagnostics;
using Dbt.Isa;
using Dbt.Lab.Profiling;
using Dbt.Translator.Engines;

namespace Dbt.Lab.Corpora;

/// <summary>A region with an engine of its own, to be executed again and again. One thread.</summary>
internal sealed class RegionReplay : IDisposable
{
    private readonly CapturedRegion _region;
    private readonly ScratchMachine _machine;
    private readonly TranslationLog _log = new();
    private readonly IEngine _engine;
    private readonly string _name;

    /// <summary>Sets a region up.</summary>
    /// <param name="corpus">Whose it is.</param>
    /// <param name="region">The region.</param>
    /// <param name="name">The engine, as messages name it.</param>
    /// <param name="create">Makes the engine, with a listener that is to hear of its code.</param>
    public RegionReplay(Corpus corpus, CapturedRegion region, string name, Func<ICodeListener, IEngine> create)
    {
        (_region, _name) = (region, name);
        _machine = new ScratchMachine(corpus.Isa, corpus.Extensions);
        foreach (var page in region.Pages)
            _machine.Add(page);
        _engine = create(_log);
    }

    /// <summary>The shortest time so far, in nanoseconds.</summary>
    public double Shortest { get; private set; } = double.PositiveInfinity;

    /// <summary>Executes it once, timed.</summary>
    /// <exception cref="LabException">It does not end as it did when it was captured.</exception>
    public void Run()
    {
        _machine.Reset(_region.Entry);
        var started = Stopwatch.GetTimestamp();
        var reason = _machine.Run(_engine, _region.Instructions);
        var time = Stopwatch.GetElapsedTime(started).TotalNanoseconds;
        if (reason != ExitReason.Budget)
            throw Wrong($"it left with {reason}");
        Shortest = Math.Min(Shortest, time);
    }

    /// <summary>Compares registers and memory with what the interpreter left when the region was captured.</summary>
    /// <exception cref="LabException">They differ.</exception>
    public void Check()
    {
        if (!_machine.Digest().AsSpan().SequenceEqual(_region.EndDigest))
            throw Wrong("registers or memory differ at its end");
    }

    /// <summary>The figures.</summary>
    public ReplayedRegion Describe(double? predictedCycles) => new(
        _region.Start,
        _region.Title,
        _region.Share,
        _region.Instructions,
        Shortest,
        _engine.Statistics.TranslationTime.TotalMicroseconds,
        _log.Lengths.Count > 0 ? _log.Lengths.Count : (int)_engine.Statistics.TranslatedBlocks,
        _log.Lengths.Values.Sum(),
        predictedCycles);

    /// <summary>Frees it.</summary>
    public void Dispose()
    {
        _engine.Dispose();
        _machine.Dispose();
    }

    private LabException Wrong(string what) =>
        new(_name, $"executes the region {_region.Title} at 0x{_region.Start:x} otherwise than the interpreter did: {what}", "that is a defect of the engine, or the corpus is of another build's interpreter");
}
