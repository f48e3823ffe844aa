using BenchmarkDotNet.Attributes;
using Dbt.Bench.Machines;
using Dbt.Isa;

namespace Dbt.Bench;

/// <summary>Ways from one piece of translated code to the next, and in and out of it.</summary>
public class TransitionBenchmarks : GuestBenchmark
{
    private const int Turns = 20_000;
    private const int Hops = 4;
    private const int Entries = 1000;
    private const ulong Chain = BareMachine.Code + 0x100;
    private const ulong Indirect = BareMachine.Code + 0x200;

    /// <inheritdoc/>
    public override IReadOnlyList<(ulong Start, int Length)> Listings => [(BareMachine.Code, 4), (Chain, 24), (Indirect, 32)];

    /// <summary>Into a guest function that returns at once, by a call of the system, and back into C#.</summary>
    [Benchmark(OperationsPerInvoke = Entries)]
    public ExitReason EntryAndExit() => Machine.Run(BareMachine.Code, Entries);

    /// <summary>A direct jump to another block, per jump.</summary>
    [Benchmark(OperationsPerInvoke = Turns * Hops)]
    public ExitReason ChainedJump()
    {
        Machine.Hart["a1"] = Turns;
        return Machine.Run(Chain);
    }

    /// <summary>A jump through a register, by way of the jump cache, per jump.</summary>
    [Benchmark(OperationsPerInvoke = Turns * 2)]
    public ExitReason JumpCache()
    {
        (Machine.Hart["a1"], Machine.Hart["a2"], Machine.Hart["a3"]) = (Turns, Indirect + 16, Indirect);
        return Machine.Run(Indirect);
    }

    private protected override void Write(BareMachine machine)
    {
        machine.Write(BareMachine.Code, 0x00000073); // ecall
        machine.Write(Chain,
            0x0040006f, // 1: j 2f
            0x0040006f, // 2: j 3f
            0x0040006f, // 3: j 4f
            0xfff58593, // 4: addi a1, a1, -1
            0xfe0598e3, //    bnez a1, 1b
            0x00000073); //   ecall
        machine.Write(Indirect,
            0x00060067, // 1: jr a2
            0x00000013, 0x00000013, 0x00000013,
            0xfff58593, // 2: addi a1, a1, -1
            0x00058463, //    beqz a1, 3f
            0x00068067, //    jr a3
            0x00000073); // 3: ecall
    }
}
