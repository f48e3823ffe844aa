namespace Dbt.Cli.Tests;

/// <summary>A theory about <c>dbt</c> as native code: skipped where there is none, as its compiler is a package that not every feed carries.</summary>
public sealed class NativeTheoryAttribute : TheoryAttribute
{
    public NativeTheoryAttribute()
    {
        if (NativeTests.Native.Length == 0)
            Skip = $"no native dbt: runtime/publish-native.sh makes one, and {NativeTests.Variable} names it";
    }
}
