using Dbt.Isa;
using Dbt.Translator;
using Dbt.Translator.Explaining;

namespace Dbt.Bench.Diagnosing;

/// <summary>A benchmark that runs guest code, and can show it. Asked after its set-up.</summary>
public interface IGuestBenchmark
{
    /// <summary>The guest.</summary>
    GuestIsa Isa { get; }

    /// <summary>Where its code is fetched from.</summary>
    IGuestCode Code { get; }

    /// <summary>Where its code begins, and how many bytes of it are shown.</summary>
    IReadOnlyList<(ulong Start, int Length)> Listings { get; }

    /// <summary>Shows what its engine makes of it; null for an engine without a compiler.</summary>
    IBlockExplainer? Explainer { get; }
}
