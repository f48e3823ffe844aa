using Dbt.Isa;

namespace Dbt.Translator.Engines;

/// <summary>Counters of one way of executing within an engine: its interpreter, or its compiled code.</summary>
public sealed record TierStatistics
{
    /// <summary>Name of the engine that executes in this way only.</summary>
    public required string Name { get; init; }

    /// <summary>Guest instructions that it executed.</summary>
    public long Instructions { get; init; }

    /// <summary>Time in which it executed, without translation; zero unless <see cref="EngineOptions.MeasuresTime"/>.</summary>
    public TimeSpan Time { get; init; }

    /// <summary>How often it was entered: from another tier, after a system call, a translation, ….</summary>
    public long Entries { get; init; }

    /// <summary>
    /// Why it was left, the most frequent reason first. None: an instruction of compiled code was the interpreter's;
    /// TranslationMiss: the next block is another tier's, not known to this one yet, or became hot.
    /// </summary>
    public IReadOnlyList<KeyValuePair<ExitReason, long>> Exits { get; init; } = [];

    /// <summary>Blocks that were made for it: predecoded or compiled, the evicted ones included.</summary>
    public long Blocks { get; init; }

    /// <summary>Guest instructions in them.</summary>
    public long BlockInstructions { get; init; }

    /// <summary>Bytes that they take now, roughly.</summary>
    public long Bytes { get; init; }

    /// <summary>Decisions that somebody may want to know of, in the order in which they were taken.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>Time that making them took; zero unless <see cref="EngineOptions.MeasuresTime"/>.</summary>
    public TimeSpan TranslationTime { get; init; }
}
