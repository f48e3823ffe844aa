namespace Dbt.Cli.Tests;

/// <summary>A theory that boots Debian's kernel.</summary>
public sealed class KernelTheoryAttribute : TheoryAttribute
{
    public KernelTheoryAttribute()
    {
        if (!File.Exists(Path.Combine(KernelTests.Folder, "root.img")))
            Skip = "needs artifacts/kernel: tests/run.sh makes it";
        else if (!File.Exists(KernelTests.FormatCommand))
            Skip = "needs mke2fs: apt-get install e2fsprogs";
    }
}
