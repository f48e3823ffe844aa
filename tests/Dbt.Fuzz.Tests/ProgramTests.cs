using Dbt.Fuzz.Comparisons;
using Dbt.Fuzz.Machines;
using Dbt.Fuzz.Mutations;
using Dbt.Isa;
using Xunit.Abstractions;

namespace Dbt.Fuzz.Tests;

/// <summary>Random programs in the sizes of a test run; longer ones by the command of Dbt.Fuzz.</summary>
public sealed class ProgramTests(ITestOutputHelper output)
{
    private const ulong Seed = 20_260_701;

    [Fact]
    public void Engines_agree_after_every_instruction_and_every_operation_is_executed()
    {
        var coverage = new Coverage(FuzzGuest.Rv64.Isa);
        Run(FuzzGuest.Rv64, "steps", 1500, coverage);
        // Nothing is excepted here: what QEMU does not know, and what ends a program, is compared between engines.
        Assert.Empty(coverage.NeverGenerated(FuzzGuest.Rv64.Generator.Catalog));
        Assert.Empty(coverage.NeverExecuted(FuzzGuest.Rv64.Generator.Catalog));
    }

    [Theory]
    [InlineData("block", 2000)]
    [InlineData("cuts", 20_000)]
    [InlineData("cuts-hot", 1000)]
    [InlineData("baseline", 5000)]
    [InlineData("baseline-cuts", 2000)]
    [InlineData("baseline-uncounted", 2000)]
    [InlineData("baseline-polls", 1000)]
    [InlineData("auto-cuts", 2000)]
    [InlineData("baseline-steps", 1000)]
    [InlineData("region", 500)]
    [InlineData("region-uncounted", 500)]
    [InlineData("region-cuts", 500)]
    public void Engines_agree(string comparison, int programs) => Run(FuzzGuest.Rv64, comparison, programs);

    [Theory]
    [InlineData("faults", 5000)]
    [InlineData("faults-cuts", 2000)]
    [InlineData("faults-steps", 500)]
    [InlineData("faults-uncounted", 2000)]
    [InlineData("faults-polls", 500)]
    [InlineData("faults-block", 500)]
    public void Faults_are_exact(string comparison, int programs)
    {
        var coverage = new Coverage(FuzzGuest.Rv64.Isa);
        Run(FuzzGuest.Rv64, comparison, programs, coverage);
        if (!coverage.Ends.IsEmpty)
            Assert.InRange(coverage.Ends[ExitReason.MemoryFault], programs / 3, programs);
        Run(FuzzGuest.Rv32, comparison, programs / 5);
    }

    [Theory]
    [InlineData("baseline-v1", 1000)]
    [InlineData("baseline-v2", 500)]
    [InlineData("baseline-v3", 500)]
    public void Engines_agree_on_less_able_hosts(string comparison, int programs) => Run(FuzzGuest.Rv64, comparison, programs);

    [Theory]
    [InlineData("steps", 300)]
    [InlineData("cuts-hot", 300)]
    [InlineData("baseline", 1000)]
    [InlineData("baseline-cuts", 500)]
    [InlineData("baseline-uncounted", 500)]
    public void Engines_agree_on_rv32(string comparison, int programs) => Run(FuzzGuest.Rv32, comparison, programs);

    [QemuTheory("qemu-riscv64")]
    [InlineData("qemu", 52_000)]
    [InlineData("qemu-block", 2000)]
    public void Engines_agree_with_qemu(string comparison, int programs)
    {
        var coverage = new Coverage(FuzzGuest.Rv64.Isa);
        Run(FuzzGuest.Rv64, comparison, programs, coverage);
        var missing = coverage.NeverGenerated(FuzzGuest.Rv64.Generator.Catalog).Order(StringComparer.Ordinal);
        // Calls end a program; for the others see QemuDifferences.
        Assert.Equal(["c.ebreak", "ctzw", "czero.eqz", "czero.nez", "ebreak", "ecall"], missing);
    }

    [QemuTheory("qemu-riscv32")]
    [InlineData("qemu", 10_000)]
    public void Engines_agree_with_qemu_on_rv32(string comparison, int programs) => Run(FuzzGuest.Rv32, comparison, programs);

    [Fact]
    public void Mutated_programs_end_cleanly_and_alike()
    {
        var files = GuestFiles.Read();
        Assert.NotEmpty(files);
        var run = new MutationRun(FuzzGuest.Rv64, files) { Seed = Seed, Mutants = 8000 };
        run.Execute();
        output.WriteLine(string.Join(", ", run.Ends));
        Assert.Empty(run.Findings.Select(finding => finding.Report));
        // Otherwise mutations are too wild, or too tame, to tell anything.
        Assert.InRange(run.Loaded, run.Tried / 2, run.Tried);
        Assert.True(run.Ends.Count >= 5);
    }

    private void Run(FuzzGuest guest, string comparison, int programs, Coverage? coverage = null)
    {
        coverage ??= new Coverage(guest.Isa);
        var run = new FuzzRun(new FuzzSettings(guest, [Comparison.Find(comparison, coverage)]) { Seed = Seed, Programs = programs }) { Coverage = coverage };
        run.Execute();
        output.WriteLine($"{run.Programs} programs; {coverage.Summarize(guest.Generator.Catalog)}");
        Assert.Empty(run.Findings.Select(finding => finding.Report));
        Assert.True(run.Programs >= programs);
    }
}
