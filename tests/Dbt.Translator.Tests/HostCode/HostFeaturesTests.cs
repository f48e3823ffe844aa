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
        var flags = File.ReadLines("/proc/cpuinfo").First(l => l.StartsWith("flags", StringComparison.Ordinal)).Split(' ').ToHashSet();
        var detected = HostFeatures.Detected;
        foreach (var (feature, flag) in ((bool, string)[])[
            (detected.Popcnt, "popcnt"), (detected.Lzcnt, "abm"), (detected.Bmi1, "bmi1"), (detected.Bmi2, "bmi2"),
            (detected.Pclmul, "pclmulqdq"), (detected.Avx, "avx"), (detected.Fma, "fma"), (detected.Avx512, "avx512f"), (detected.Sse41, "sse4_1")])
            Assert.False(feature && !flags.Contains(flag), flag);
    }
}
