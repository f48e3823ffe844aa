namespace Dbt.Translator.Engines;

/// <summary>Counters of one engine, for <c>--stats</c>.</summary>
public sealed record EngineStatistics
{
    /// <summary>Guest instructions retired.</summary>
    public long Instructions { get; init; }

    /// <summary>Blocks translated, the evicted ones included.</summary>
    public long TranslatedBlocks { get; init; }

    /// <summary>Guest instructions in them.</summary>
    public long TranslatedInstructions { get; init; }

    /// <summary>Time spent translating, all tiers together; zero unless <see cref="EngineOptions.MeasuresTime"/>.</summary>
    public TimeSpan TranslationTime { get; init; }

    /// <summary>Times that the cache was over its budget and a batch of translations was dropped.</summary>
    public long Evictions { get; init; }

    /// <summary>Translations dropped because the guest changed its code or mappings.</summary>
    public long Invalidations { get; init; }

    /// <summary>Instructions that were interpreted: those of cold blocks, and those that a compiler handed over.</summary>
    public long InterpretedInstructions { get; init; }

    /// <summary>Times that a hart asked the cache for a block: to translate it, to link to it, or because its jump cache had forgotten it.</summary>
    public long Lookups { get; init; }

    /// <summary>The tiers, coldest first.</summary>
    public IReadOnlyList<TierStatistics> Tiers { get; init; } = [];

    /// <summary>Operations that a compiler handed to the interpreter and how often they were executed so, the most frequent first.</summary>
    public IReadOnlyList<KeyValuePair<string, long>> HandedOver { get; init; } = [];
}
