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

    /// <summary>Time spent translating (for IL: generating and compiling).</summary>
    public TimeSpan TranslationTime { get; init; }

    /// <summary>Times that the cache was over its budget and a batch of translations was dropped.</summary>
    public long Evictions { get; init; }

    /// <summary>Translations dropped because the guest changed its code or mappings.</summary>
    public long Invalidations { get; init; }

    /// <summary>Instructions that a compiler handed to the interpreter.</summary>
    public long InterpretedInstructions { get; init; }
}
