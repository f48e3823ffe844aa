using BenchmarkDotNet.Attributes;
using Dbt.Bench.Machines;
using Dbt.Isa;
using Dbt.Translator.Engines;

namespace Dbt.Bench;

/// <summary>What keeping a guest inside of its memory costs, per access.</summary>
public class MemoryBenchmarks : GuestBenchmark
{
    private const int Turns = 20_000;
    private const int Accesses = 4;

    /// <summary>Without the checks.</summary>
    [Params(false, true)]
    public bool Trusted { get; set; }

    /// <inheritdoc/>
    public override IReadOnlyList<(ulong Start, int Length)> Listings => [(BareMachine.Code, 36)];

    /// <summary>Loads and stores by way of four registers.</summary>
    [Benchmark(OperationsPerInvoke = Turns * Accesses)]
    public ExitReason Access()
    {
        var hart = Machine.Hart;
        (hart["a0"], hart["a2"], hart["a3"], hart["a4"], hart["a1"]) = (BareMachine.Data, BareMachine.Data + 0x1000, BareMachine.Data + 0x2000, BareMachine.Data + 0x3000, Turns);
        return Machine.Run(BareMachine.Code);
    }

    private protected override EngineOptions Options => EngineOptions.Default with { TrustsGuest = Trusted };

    private protected override void Write(BareMachine machine) => machine.Write(BareMachine.Code,
        0x00053283, // 1: ld t0, 0(a0)
        0x00063303, //    ld t1, 0(a2)
        0x0056b023, //    sd t0, 0(a3)
        0x00673023, //    sd t1, 0(a4)
        0x00850513, //    addi a0, a0, 8
        0xff850513, //    addi a0, a0, -8
        0xfff58593, //    addi a1, a1, -1
        0xfe0592e3, //    bnez a1, 1b
        0x00000073); //   ecall
}
