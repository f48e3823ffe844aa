namespace Dbt.Bench.Comparing;

/// <summary>One way of running a program: a column of the tables.</summary>
/// <param name="Name">Title of the column.</param>
/// <param name="Kind">What kind it is.</param>
/// <param name="Words">What stands in front of the program.</param>
internal sealed record Runner(string Name, RunnerKind Kind, IReadOnlyList<string> Words)
{
    /// <summary>In a peer's command, where the sysroot's folder goes.</summary>
    public const string SysrootMark = "{sysroot}";

    /// <summary>Whether it executes the host's own builds.</summary>
    public bool IsNative => Kind is RunnerKind.Native or RunnerKind.NativeWithoutVectors;

    /// <summary>Reads <c>NAME=COMMAND</c>.</summary>
    /// <exception cref="ComparisonException">It is not that.</exception>
    public static Runner ParsePeer(string text)
    {
        var end = text.IndexOf('=', StringComparison.Ordinal);
        if (end < 1 || text[(end + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries) is not { Length: > 0 } words || text[..end].Contains('/', StringComparison.Ordinal))
            throw new ComparisonException($"--peer takes NAME=COMMAND, such as 'qemu-10=/opt/qemu-10/bin/qemu-riscv64', not '{text}'");
        return new Runner(text[..end], RunnerKind.Peer, words);
    }

    /// <summary>The command that runs a program which looks for its files in a sysroot; null for none.</summary>
    public IReadOnlyList<string> Command(string? sysroot, IEnumerable<string> program)
    {
        IEnumerable<string> words = Words.Select(word => word.Replace(SysrootMark, sysroot ?? "/", StringComparison.Ordinal));
        if (sysroot is not null && Kind is (RunnerKind.Yardstick or RunnerKind.Dbt))
            words = words.Concat(["-L", sysroot]);
        return [.. words, .. program];
    }
}
