using BenchmarkDotNet.Attributes;
using Dbt.Bench.Diagnosing;
using Dbt.Bench.Machines;
using Dbt.Isa;
using Dbt.Translator;
using Dbt.Translator.Engines;
using Dbt.Translator.Explaining;

namespace Dbt.Bench;

/// <summary>A benchmark of guest code on a bare machine. Its listings are attached to the results.</summary>
[TranslationDiagnoser]
public abstract class GuestBenchmark : IGuestBenchmark
{
    private BareMachine? _machine;

    /// <summary>Which engine.</summary>
    [Params("interpreter", "baseline", "block")]
    public string Engine { get; set; } = "";

    /// <inheritdoc/>
    public GuestIsa Isa => BareMachine.Isa;

    /// <inheritdoc/>
    public IGuestCode Code => Machine.Memory;

    /// <inheritdoc/>
    public abstract IReadOnlyList<(ulong Start, int Length)> Listings { get; }

    /// <inheritdoc/>
    public IBlockExplainer? Explainer => Machine.Explainer;

    /// <summary>The machine, between set-up and clean-up.</summary>
    internal BareMachine Machine => _machine!;

    /// <summary>Settings of the engine.</summary>
    private protected virtual EngineOptions Options => EngineOptions.Default;

    /// <summary>Writes the guest's code.</summary>
    private protected abstract void Write(BareMachine machine);

    /// <summary>Makes the machine.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _machine = new BareMachine(Engine, Options);
        Write(_machine);
    }

    /// <summary>Frees the machine.</summary>
    [GlobalCleanup]
    public void Cleanup() => Machine.Dispose();
}
