using System.Diagnostics.Metrics;
using Dbt.Isa;
using Dbt.Translator.Engines;
using Dbt.Translator.Metrics;
using Dbt.Translator.Tests.Toy;
using static Dbt.Translator.Tests.Toy.ToyMachine;
using static Dbt.Translator.Tests.Toy.ToyOperation;

namespace Dbt.Translator.Tests;

public sealed class EngineMetricsTests : IDisposable
{
    private readonly ToyMachine _machine = new("block-cold", EngineOptions.Default with { CompileThreshold = 10, MeasuresTime = true });
    private readonly Dictionary<string, double> _seen = [];

    public EngineMetricsTests()
    {
        _machine.Write(Code,
        [
            Encode(AddImmediate, 2, 0, 100),
            Encode(AddImmediate, 2, 2, -1),
            Encode(BranchNotEqual, 2, 0, -4),
            Encode(Call),
        ]);
        Assert.Equal(ExitReason.EnvironmentCall, _machine.Run());
    }

    [Fact]
    public void A_listener_sees_what_the_statistics_tell()
    {
        using var metrics = new EngineMetrics(_machine.Engine, [new("test", nameof(EngineMetricsTests))]);
        Listen();
        var statistics = _machine.Engine.Statistics;
        Assert.Equal(2, statistics.Tiers.Count);
        foreach (var tier in statistics.Tiers)
        {
            Assert.Equal(tier.Instructions, _seen[$"dbt.instructions dbt.tier={tier.Name}"]);
            Assert.Equal(tier.Blocks, _seen[$"dbt.translations dbt.tier={tier.Name}"]);
            Assert.Equal(tier.Bytes, _seen[$"dbt.translation.memory dbt.tier={tier.Name}"]);
            Assert.Equal(tier.TranslationTime.TotalSeconds, _seen[$"dbt.translation.time dbt.tier={tier.Name}"]);
        }
        Assert.Equal(1, _seen["dbt.exits dbt.tier=interpreter dbt.exit.reason=environment_call"]);
        Assert.Equal(statistics.Lookups, _seen["dbt.lookups"]);
        Assert.Equal(0, _seen["dbt.evictions"]);
        Assert.Equal(0, _seen["dbt.invalidations"]);
        Assert.True(_seen["dbt.instructions dbt.tier=block"] > 100);
    }

    [Fact]
    public void Nothing_is_left_when_it_is_disposed()
    {
        new EngineMetrics(_machine.Engine, [new("test", nameof(EngineMetricsTests))]).Dispose();
        Listen();
        Assert.Empty(_seen);
    }

    [Fact]
    public void Every_reason_has_a_name_of_its_own()
    {
        var names = Enum.GetValues<ExitReason>().Select(EngineMetrics.ReasonOf).ToList();
        Assert.Equal(names.Count, names.Distinct().Count());
        Assert.DoesNotContain("other", names);
    }

    public void Dispose() => _machine.Dispose();

    private void Listen()
    {
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, reader) =>
        {
            if (instrument.Meter.Name == EngineMetrics.MeterName && instrument.Meter.Tags?.Any(tag => Equals(tag.Value, nameof(EngineMetricsTests))) == true)
                reader.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => See(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => See(instrument, value, tags));
        listener.Start();
        listener.RecordObservableInstruments();
    }

    private void See(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var name = instrument.Name;
        foreach (var tag in tags)
            name += $" {tag.Key}={tag.Value}";
        _seen.Add(name, value);
    }
}
