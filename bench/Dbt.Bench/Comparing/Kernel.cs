using System.Globalization;

namespace Dbt.Bench.Comparing;

/// <summary>One of bench/kernels.</summary>
/// <param name="Name">Its file without extension.</param>
/// <param name="Folder">Where <c>build-kernels.sh</c> has put the builds.</param>
internal sealed record Kernel(string Name, string Folder) : Workload(Name, GroupOf(Name))
{
    /// <summary>Kernels that calculate with integers.</summary>
    public const string Integer = "integer";

    /// <summary>Kernels that calculate with floating-point numbers.</summary>
    public const string FloatingPoint = "floating point";

    /// <inheritdoc/>
    public override bool HasPhases => true;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Command(Runner runner, int percent)
    {
        var build = runner.Kind switch
        {
            RunnerKind.Native => "native",
            RunnerKind.NativeWithoutVectors => "native-novec",
            _ => "riscv64",
        };
        return runner.Command(null, [Path.Combine(Folder, build, Name), percent.ToString(CultureInfo.InvariantCulture) + "%"]);
    }

    private static string GroupOf(string name) => name is "matmul" or "nbody" or "spectral" ? FloatingPoint : Integer;
}
