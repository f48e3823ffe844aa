using Dbt.Bench.Comparing;

namespace Dbt.Bench.Tests.Comparing;

public sealed class ComparisonTests
{
    [Fact]
    public void Medians_are_of_the_middle()
    {
        Assert.Equal(2, Statistics.Median([9, 1, 2]));
        Assert.Equal(3, Statistics.Median([9, 2, 4, 1]));
    }

    [Fact]
    public void Means_of_ratios_are_geometric() => Assert.Equal(4, Statistics.GeometricMean([2, 8]), 9);

    [Fact]
    public void Two_amounts_of_work_tell_steady_state_from_what_is_done_once()
    {
        var measured = SampleComparison.Create().Find(SampleComparison.Sieve, SampleComparison.Dbt)!;
        Assert.Equal(1, measured.Steady!.Value, 9);
        Assert.Equal(1, measured.Once!.Value, 9);
    }

    [Fact]
    public void Speeds_refer_to_the_yardstick_and_to_native_code_without_vectors()
    {
        var comparison = SampleComparison.Create();
        Assert.Same(SampleComparison.Qemu, comparison.Yardstick);
        Assert.Equal(2, comparison.Speed(SampleComparison.Sieve, SampleComparison.Dbt, SampleComparison.Qemu, measurement => measurement.Total));
        Assert.Equal(4, comparison.MeanSpeed("integer", SampleComparison.Dbt, SampleComparison.Qemu, measurement => measurement.Total), 9);
        Assert.Equal(0.5, comparison.Speed(SampleComparison.Sieve, SampleComparison.Dbt, SampleComparison.Native, measurement => measurement.Total));
    }

    [Fact]
    public void Compile_time_is_the_sum_over_the_tiers()
    {
        string[] statistics =
        [
            "dbt: engine            auto",
            "dbt: tier              instructions  seconds  entries  blocks  their instructions  their bytes  translating s",
            "dbt: interpreter          4,147,292    0.010   22,157   2,110              10,444      892,032          0.004",
            "dbt: baseline         1,034,147,292    0.460      157     110               1,444       92,032          0.010",
            "dbt: interpreter exits  next block elsewhere 5, system call 7",
        ];
        Assert.Equal(0.014, Measurer.TranslatingSeconds(statistics)!.Value, 9);
        Assert.Null(Measurer.TranslatingSeconds(["dbt: nothing"]));
    }

    [Fact]
    public void Peers_are_named()
    {
        var peer = Runner.ParsePeer("box=/opt/box --flag -L {sysroot}");
        Assert.Equal("box", peer.Name);
        Assert.Equal(["/opt/box", "--flag", "-L", "/root", "/bin/x"], peer.Command("/root", ["/bin/x"]));
        Assert.Throws<ComparisonException>(() => Runner.ParsePeer("/opt/box"));
        Assert.Throws<ComparisonException>(() => Runner.ParsePeer("box="));
    }

    [Fact]
    public void Workloads_are_chosen_by_name_and_by_group()
    {
        var workloads = new Workloads(BenchProcess.Root);
        Assert.Contains("no workload 'nothing'", Assert.Throws<ComparisonException>(() => workloads.Select(["nothing"])).Message, StringComparison.Ordinal);
        Assert.Equal(["matmul", "nbody", "spectral"], workloads.Select(["floating point"]).Select(workload => workload.Name));
        Assert.Equal(["hello", "sieve"], workloads.Select(["hello", "sieve", "hello"]).Select(workload => workload.Name));
    }
}
