namespace Dbt.Cli.Tests;

/// <summary>A theory that is skipped where there is no qemu-system-riscv64.</summary>
internal sealed class SystemEmulatorTheoryAttribute : TheoryAttribute
{
    private const string Name = "qemu-system-riscv64";

    public SystemEmulatorTheoryAttribute()
    {
        if (Command is null)
            Skip = $"{Name} is not installed";
    }

    /// <summary>The emulator; null where there is none.</summary>
    public static string? Command { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        .Select(folder => Path.Combine(folder, Name))
        .FirstOrDefault(File.Exists);
}
