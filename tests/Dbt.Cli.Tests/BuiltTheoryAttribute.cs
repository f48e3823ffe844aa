namespace Dbt.Cli.Tests;

/// <summary>A theory about programs that <c>tests/run.sh</c> builds and assembles: skipped where it has not, never in CI.</summary>
public sealed class BuiltTheoryAttribute : TheoryAttribute
{
    public BuiltTheoryAttribute()
    {
        if (!Directory.Exists(GuestProgramTests.Sysroot) && Environment.GetEnvironmentVariable("CI") is null)
            Skip = "needs artifacts/guests and artifacts/sysroot: tests/run.sh makes them";
    }
}
