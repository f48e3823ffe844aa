using Dbt.Bench.Comparing;

namespace Dbt.Bench.Tests.Comparing;

/// <summary>A comparison with figures that are easy to follow: qemu takes 4 s, Dbt 2 s, of which 1 s is done once.</summary>
internal static class SampleComparison
{
    public static Runner Qemu { get; } = new("qemu", RunnerKind.Yardstick, ["qemu-riscv64"]);

    public static Runner Dbt { get; } = new("auto", RunnerKind.Dbt, ["dbt", "run", "--engine", "auto"]);

    public static Runner Native { get; } = new("novec", RunnerKind.NativeWithoutVectors, []);

    public static Workload Sieve { get; } = new Kernel("sieve", "/kernels");

    public static Workload Sort { get; } = new Kernel("sort", "/kernels");

    public static Comparison Create() => new(["a machine <with> signs"], "wall time", [Native, Qemu, Dbt],
    [
        new(Sieve, Native, [1, 1, 1], [0.2], 0.2, null),
        new(Sieve, Qemu, [3.9, 4, 9], [0.8], 0.2, null),
        new(Sieve, Dbt, [2, 2, 2], [1.2], 0.2, 0.125),
        new(Sort, Native, [1], [0.2], 0.2, null),
        new(Sort, Qemu, [8], [1.6], 0.2, null),
        new(Sort, Dbt, [1], [0.2], 0.2, 0),
    ]);
}
