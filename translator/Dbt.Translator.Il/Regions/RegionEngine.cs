using Dbt.Translator.Engines;
using Dbt.Translator.HostCode;
using Dbt.Translator.Semantics;

namespace Dbt.Translator.Il.Regions;

/// <summary>Makes engines whose hot regions are IL: the baseline compiler below, regions above it.</summary>
public static class RegionEngine
{
    /// <summary>Whether the host can run it.</summary>
    public static bool IsSupported => BaselineEngine.IsSupported;

    /// <summary>An engine with an empty cache. Faults in regions are exact when they must be only: see <see cref="IEngine.RequirePreciseFaults"/>.</summary>
    /// <param name="lifter">The guest's semantics.</param>
    /// <param name="options">Settings; the defaults when null. A CompileThreshold of 0 makes regions at once, of whatever is reached.</param>
    /// <exception cref="PlatformNotSupportedException">The host has no baseline compiler.</exception>
    public static IEngine Create(GuestLifter lifter, EngineOptions? options = null) =>
        new BaselineEngine(lifter, options, HostFeatures.Detected, upper: new RegionTier(lifter, options?.CompileThreshold == 0));
}
