using Dbt.Translator.HostCode;

namespace Dbt.Translator.Tests.HostCode;

/// <summary>Hosts less able than this one, as far as emitted code can tell: the levels of the x86-64 ABI. What this host has not is off at each.</summary>
internal static class HostLevels
{
    /// <summary>Names of the levels below this host's own.</summary>
    public static IReadOnlyList<string> Lower { get; } = ["v1", "v2", "v3"];

    /// <summary>The features of a level; v4 is all that this host has.</summary>
    public static HostFeatures Of(string level)
    {
        var all = HostFeatures.Detected;
        return level switch
        {
            "v1" => HostFeatures.None,
            "v2" => HostFeatures.None with { Sse41 = all.Sse41, Popcnt = all.Popcnt },
            "v3" => all with { Avx512 = false },
            "v4" => all,
            _ => throw new ArgumentOutOfRangeException(nameof(level), level, "No such level."),
        };
    }
}
