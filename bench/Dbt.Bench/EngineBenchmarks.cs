using BenchmarkDotNet.Attributes;
using Dbt.Bench.Machines;
using Dbt.Isa;

namespace Dbt.Bench;

/// <summary>Engines on hot code and on code that is new, per guest instruction.</summary>
public class EngineBenchmarks : GuestBenchmark
{
    private const ulong NewCodeStart = BareMachine.Code + 0x1000;
    private const int Turns = 100_000;
    private const int LoopLength = 6;
    private const int NewCodeLength = 8_000;

    /// <inheritdoc/>
    public override IReadOnlyList<(ulong Start, int Length)> Listings => [(BareMachine.Code, 28)];

    /// <summary>A loop with a load and a store that is translated already.</summary>
    [Benchmark(OperationsPerInvoke = Turns * LoopLength)]
    public ExitReason HotLoop()
    {
        (Machine.Hart["a0"], Machine.Hart["a1"]) = (BareMachine.Data, Turns);
        return Machine.Run(BareMachine.Code);
    }

    /// <summary>Straight code that was never seen: translated, and run once.</summary>
    [Benchmark(OperationsPerInvoke = NewCodeLength)]
    public ExitReason NewCode()
    {
        Machine.Engine.Invalidate(BareMachine.Code, BareMachine.CodeBytes);
        return Machine.Run(NewCodeStart);
    }

    private protected override void Write(BareMachine machine)
    {
        machine.Write(BareMachine.Code,
            0x00053283, // 1: ld t0, 0(a0)
            0x00b282b3, //    add t0, t0, a1
            0x00553023, //    sd t0, 0(a0)
            0xfff58593, //    addi a1, a1, -1
            0x00b64633, //    xor a2, a2, a1
            0xfe0596e3, //    bnez a1, 1b
            0x00000073); //   ecall
        // sh1add t0, t0, t0, again and again
        machine.Write(NewCodeStart, [.. Enumerable.Repeat(0x2052a2b3u, NewCodeLength), 0x00000073u]);
    }
}
