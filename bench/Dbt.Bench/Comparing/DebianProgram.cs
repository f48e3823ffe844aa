namespace Dbt.Bench.Comparing;

/// <summary>A riscv64 program from a Debian sysroot.</summary>
/// <param name="Name">Title of the row.</param>
/// <param name="Group">What it is averaged with.</param>
/// <param name="Sysroot">Where its libraries are; null for one that needs none.</param>
/// <param name="Words">Its path and arguments.</param>
internal sealed record DebianProgram(string Name, string Group, string? Sysroot, IReadOnlyList<string> Words) : Workload(Name, Group)
{
    /// <summary>Programs that run long enough to be translated.</summary>
    public const string Long = "program";

    /// <summary>Programs that end at once.</summary>
    public const string Short = "start";

    /// <summary>Makes its input, once; null when it reads none.</summary>
    public Func<string>? MakeInput { get; init; }

    /// <inheritdoc/>
    public override string Input => MakeInput?.Invoke() ?? "/dev/null";

    /// <inheritdoc/>
    public override bool IsFor(Runner runner) => !runner.IsNative;

    /// <inheritdoc/>
    public override void Prepare() => MakeInput?.Invoke();

    /// <inheritdoc/>
    public override IReadOnlyList<string> Command(Runner runner, int percent) => runner.Command(Sysroot, Words);
}
