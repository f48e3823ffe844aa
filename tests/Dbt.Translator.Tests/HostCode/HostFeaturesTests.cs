using Dbt.Translator.HostCode;

namespace Dbt.Translator.Tests.HostCode;

public sealed class HostFeaturesTests
{
    [Fact]
    public void Each_feature_can_be_switched_off_alone()
    {
        var names = typeof(HostFeatures).GetProperties().Where(p => p.PropertyType == typeof(bool) && p.CanWrite).ToList();
        Assert.Equal(9, names.Count);
        foreach (var property in names)
        {
            var without = HostFeatures.Detected with { };
            property.SetValue(without, false);
            Assert.False((bool)property.GetValue(without)!);
            Assert.Equal((bool)property.GetValue(HostFeatures.Detected)!, without != HostFeatures.Detected);
            Assert.False((bool)property.GetValue(HostFeatures.None)!);
        }
    }

    [Fact]
    public void What_the_kernel_lists_is_detected_unless_switched_off()
    {
        var listed = Listed();
        var detected = FlagsOf(HostFeatures.Detected);
        Assert.Empty(detected.Except(listed));
        Assert.Equal(FlagsOf(HostProcessor.Features).Order(), listed.Where(FlagsOf(All).Contains).Order());
    }

    private static HostFeatures All
    {
        get
        {
            var all = HostFeatures.None with { };
            foreach (var property in typeof(HostFeatures).GetProperties().Where(p => p.PropertyType == typeof(bool) && p.CanWrite))
                property.SetValue(all, true);
            return all;
        }
    }

    // The kernel's names of features.
    private static HashSet<string> FlagsOf(HostFeatures features)
    {
        (bool Has, string Flag)[] flags =
        [
            (features.Popcnt, "popcnt"), (features.Lzcnt, "abm"), (features.Bmi1, "bmi1"), (features.Bmi2, "bmi2"), (features.Pclmul, "pclmulqdq"),
            (features.Avx, "avx"), (features.Fma, "fma"), (features.Avx512, "avx512f"), (features.Sse41, "sse4_1"),
        ];
        return [.. flags.Where(flag => flag.Has).Select(flag => flag.Flag)];
    }

    private static HashSet<string> Listed() =>
        [.. File.ReadLines("/proc/cpuinfo").First(l => l.StartsWith("flags", StringComparison.Ordinal)).Split(' ')];
}
