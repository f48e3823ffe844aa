namespace Dbt.Lab.Tests;

/// <summary>A test that needs the cross compiler and qemu: skipped where they are not, never in CI.</summary>
public sealed class CompilerFactAttribute : FactAttribute
{
    private static readonly string[] s_tools = ["riscv64-linux-gnu-gcc", "gcc", "qemu-riscv64"];

    public CompilerFactAttribute()
    {
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        if (!Array.TrueForAll(s_tools, tool => Array.Exists(path, folder => File.Exists(Path.Combine(folder, tool)))) && Environment.GetEnvironmentVariable("CI") is null)
            Skip = $"needs {string.Join(", ", s_tools)}: apt-get install gcc gcc-riscv64-linux-gnu qemu-user";
    }
}
