using System.Diagnostics.Metrics;
using Dbt.Isa;
using Dbt.Translator.Engines;

namespace Dbt.Translator.Metrics;

/// <summary>
/// What an engine counts as instruments of .NET's metrics, which dotnet-counters, OpenTelemetry and MeterListener read. Nothing happens unless one of
/// them asks, and then only <see cref="IEngine.Statistics"/> is read. The names are promised; see translator/notes/0006-metrics.md.
/// </summary>
public sealed class EngineMetrics : IDisposable
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Dbt.Engine";

    /// <summary>Guest instructions executed; by tier.</summary>
    public const string Instructions = "dbt.instructions";

    /// <summary>Translations made, the dropped ones included; by tier.</summary>
    public const string Translations = "dbt.translations";

    /// <summary>Bytes that translations take now; by tier.</summary>
    public const string TranslationMemory = "dbt.translation.memory";

    /// <summary>Seconds spent translating; by tier. Zero unless <see cref="EngineOptions.MeasuresTime"/>.</summary>
    public const string TranslationTime = "dbt.translation.time";

    /// <summary>How often a tier was left; by tier and reason.</summary>
    public const string Exits = "dbt.exits";

    /// <summary>Times that translations were dropped because they took too much memory.</summary>
    public const string Evictions = "dbt.evictions";

    /// <summary>Translations dropped because the guest changed its code or mappings.</summary>
    public const string Invalidations = "dbt.invalidations";

    /// <summary>Times that a hart asked for a translation that it did not know.</summary>
    public const string Lookups = "dbt.lookups";

    /// <summary>Tag: the tier, as <see cref="TierStatistics.Name"/> has it.</summary>
    public const string TierTag = "dbt.tier";

    /// <summary>Tag: why it was left, one of <see cref="ReasonOf"/>.</summary>
    public const string ReasonTag = "dbt.exit.reason";

    private readonly IEngine _engine;
    private readonly Meter _meter;

    /// <summary>Publishes the counters of an engine until this object is disposed.</summary>
    /// <param name="engine">The engine; it must live longer.</param>
    /// <param name="tags">What tells it from other engines of the process; null when there are none.</param>
    public EngineMetrics(IEngine engine, IEnumerable<KeyValuePair<string, object?>>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(engine);
        _engine = engine;
        _meter = new Meter(MeterName, typeof(EngineMetrics).Assembly.GetName().Version?.ToString(3), tags);
        _meter.CreateObservableCounter(Instructions, () => ByTier(tier => tier.Instructions), "{instruction}", "Guest instructions executed");
        _meter.CreateObservableCounter(Translations, () => ByTier(tier => tier.Blocks), "{translation}", "Translations made");
        _meter.CreateObservableUpDownCounter(TranslationMemory, () => ByTier(tier => tier.Bytes), "By", "Memory that translations take");
        _meter.CreateObservableCounter(TranslationTime, () => ByTier(tier => tier.TranslationTime.TotalSeconds), "s", "Time spent translating");
        _meter.CreateObservableCounter(Exits, CountExits, "{exit}", "Times that a tier was left");
        _meter.CreateObservableCounter(Evictions, () => _engine.Statistics.Evictions, "{eviction}", "Times that translations were dropped for their memory");
        _meter.CreateObservableCounter(Invalidations, () => _engine.Statistics.Invalidations, "{translation}", "Translations dropped because guest code changed");
        _meter.CreateObservableCounter(Lookups, () => _engine.Statistics.Lookups, "{lookup}", "Times that a hart asked for an unknown translation");
    }

    /// <summary>The value of <see cref="ReasonTag"/>.</summary>
    public static string ReasonOf(ExitReason reason) => reason switch
    {
        ExitReason.None => "handed_over",
        ExitReason.Budget => "budget",
        ExitReason.TranslationMiss => "translation_miss",
        ExitReason.EnvironmentCall => "environment_call",
        ExitReason.Breakpoint => "breakpoint",
        ExitReason.IllegalInstruction => "illegal_instruction",
        ExitReason.MemoryFault => "memory_fault",
        ExitReason.MisalignedAccess => "misaligned_access",
        ExitReason.InstructionFence => "instruction_fence",
        ExitReason.Attention => "attention",
        ExitReason.WaitForInterrupt => "wait_for_interrupt",
        _ => "other",
    };

    /// <summary>Withdraws the instruments.</summary>
    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<T>> ByTier<T>(Func<TierStatistics, T> value)
        where T : struct
    {
        foreach (var tier in _engine.Statistics.Tiers)
            yield return new(value(tier), [new(TierTag, tier.Name)]);
    }

    private IEnumerable<Measurement<long>> CountExits()
    {
        foreach (var tier in _engine.Statistics.Tiers)
            foreach (var (reason, count) in tier.Exits)
                yield return new(count, [new(TierTag, tier.Name), new(ReasonTag, ReasonOf(reason))]);
    }
}
