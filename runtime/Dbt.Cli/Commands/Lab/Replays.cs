using System.Reflection;
using System.Security.Cryptography;
using Dbt.Cli.Code;
using Dbt.Lab.Code;
using Dbt.Lab.Corpora;
using Dbt.Lab.Tools;

namespace Dbt.Cli.Commands.Lab;

/// <summary>A corpus and the engines that replay it.</summary>
internal sealed class Replays
{
    private readonly Corpus _corpus;
    private readonly string _digest;
    private readonly bool _hasModel;

    /// <summary>Reads a corpus.</summary>
    /// <param name="path">Its file.</param>
    /// <param name="usesModel">Asks llvm-mca, where it is installed.</param>
    public Replays(string path, bool usesModel)
    {
        var bytes = InputFile.Read(path);
        _corpus = CorpusFile.Read(path, bytes, Guests.All);
        _digest = Convert.ToHexStringLower(SHA256.HashData(bytes));
        _hasModel = usesModel && ThroughputModel.IsInstalled;
    }

    /// <summary>The corpus.</summary>
    public Corpus Corpus => _corpus;

    /// <summary>Replays it on some engines in turns.</summary>
    public List<ReplayResult> Run(IReadOnlyList<EngineSpec> engines, int runs)
    {
        var build = typeof(Replays).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
        var results = new CorpusReplay(_corpus, runs).Run(
            engines.Count,
            (i, region) => new RegionReplay(_corpus, region, engines[i].Text, listener => engines[i].Create(_corpus.Isa, listener)),
            (i, region) => Predict(engines[i], region));
        return [.. engines.Zip(results, (engine, regions) => new ReplayResult(engine.Text, build, _digest, regions))];
    }

    private double? Predict(EngineSpec engine, CapturedRegion region)
    {
        if (!_hasModel)
            return null;
        var code = new CodeImage(region.Pages.Select(page => new CodeSection("", page.Address, page.Bytes)));
        return engine.CreateExplainer(_corpus.Isa, _corpus.Extensions, code) is { } explainer ? ThroughputModel.CyclesOf(region, explainer) : null;
    }
}
