using BenchmarkDotNet.Configs;

namespace Dbt.Bench.Diagnosing;

/// <summary>Attaches listings of guest code, IL and host code to the benchmarks of a class that is an <see cref="IGuestBenchmark"/>.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class TranslationDiagnoserAttribute : Attribute, IConfigSource
{
    /// <inheritdoc/>
    public IConfig Config { get; } = ManualConfig.CreateEmpty().AddDiagnoser(new TranslationDiagnoser());
}
