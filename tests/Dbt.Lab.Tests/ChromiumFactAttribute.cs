namespace Dbt.Lab.Tests;

/// <summary>A test in a browser: skipped where there is no Chromium, never in CI.</summary>
public sealed class ChromiumFactAttribute : FactAttribute
{
    public ChromiumFactAttribute()
    {
        if (!HasChromium() && Environment.GetEnvironmentVariable("CI") is null)
            Skip = "needs a browser: apt-get install chromium";
    }

    private static bool HasChromium() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "chromium")));
}
