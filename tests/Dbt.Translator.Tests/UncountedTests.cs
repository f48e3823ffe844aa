using Dbt.Isa;
using Dbt.Translator.Engines;
using Dbt.Translator.Tests.Riscv;
using Dbt.Translator.Tests.Stress;
using Dbt.Translator.Tests.Toy;
using static Dbt.Translator.Tests.Toy.ToyMachine;
using static Dbt.Translator.Tests.Toy.ToyOperation;

namespace Dbt.Translator.Tests;

/// <summary>Translated code that does not count instructions: how it is made to come back, and what makes it count.</summary>
public sealed unsafe class UncountedTests
{
    private static readonly EngineOptions s_options = EngineOptions.Default with { CompileThreshold = 0, CountsInstructions = false };

    // Each way back that a loop can have: to its own block, to another one, by a register.
    private static readonly uint[][] s_endless =
    [
        [Encode(AddImmediate, 2, 2, 1), Encode(BranchNotEqual, 2, 0, -4)],
        [Encode(AddImmediate, 2, 2, 1), Encode(BranchNotEqual, 2, 0, 64 - 4)],
        [Encode(AddImmediate, 2, 2, 1), Encode(JumpRegister, 5, 6, 0)],
    ];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void A_stop_request_is_taken_between_two_instructions_of_any_endless_loop(int form)
    {
        const int Stops = 500;
        using var machine = new ToyMachine("uncounted");
        machine.Write(Code, s_endless[form]);
        machine.Write(Code + 64, Encode(AddImmediate, 3, 3, 1), Encode(BranchNotEqual, 2, 0, -68));
        machine[5] = Code;
        var runs = 0;
        Crew.Work(2, number =>
        {
            for (var stop = 0; stop < Stops; stop++)
            {
                if (number == 0)
                {
                    Interlocked.Increment(ref runs);
                    Assert.Equal(ExitReason.Budget, machine.Run());
                    // r3 is counted behind r2.
                    if (form == 1)
                        Assert.Equal(machine[2], machine[3] + (machine.State->Pc is Code + 4 or Code + 64 ? 1UL : 0));
                    continue;
                }
                while (Volatile.Read(ref runs) <= stop)
                    Thread.Yield();
                machine.Hart.RequestStop();
            }
        });
        Assert.True(machine.Engine.Statistics.Instructions < (long)machine[2]);
    }

    // The compiler knows where the jump leads, and lets it lead there directly.
    [Fact]
    public void A_loop_by_a_constant_in_a_register_is_stopped()
    {
        using var machine = new RiscvMachine("uncounted");
        machine.Write(RiscvMachine.Code,
            0x00150513, // addi a0, a0, 1
            0x000102b7, // lui t0, 0x10
            0x00028067); // jr t0
        var runs = 0;
        Crew.Work(2, number =>
        {
            for (var stop = 0; stop < 20; stop++)
            {
                if (number == 0)
                {
                    Interlocked.Increment(ref runs);
                    Assert.Equal(ExitReason.Budget, machine.Run());
                    Assert.Equal(RiscvMachine.Code, machine.State->Pc);
                    continue;
                }
                while (Volatile.Read(ref runs) <= stop)
                    Thread.Yield();
                Thread.Sleep(5);
                machine.Hart.RequestStop();
            }
        });
        Assert.True(machine.Hart["a0"] > 1000);
    }

    [Fact]
    public void A_run_with_a_budget_makes_all_harts_count()
    {
        using var machine = new ToyMachine("uncounted");
        using var other = machine.Sibling();
        machine.Write(Code, s_endless[0]);
        Crew.Work(2, number =>
        {
            if (number == 0)
            {
                Assert.Equal(ExitReason.Budget, machine.Run());
                return;
            }
            Assert.Equal(ExitReason.Budget, other.Run(1_000_001));
            Assert.Equal(1_000_001, other.Retired);
            Assert.Equal(500_001UL, other[2]);
            // The other one counts now, too, or will before it executes anything else.
            machine.Hart.RequestStop();
        });
        var (before, was) = (machine.Retired, machine[2]);
        Assert.Equal(ExitReason.Budget, machine.Run(2000));
        Assert.Equal((2000, 1000UL), (machine.Retired - before, machine[2] - was));
    }

    [Fact]
    public void A_guest_that_reads_its_counter_is_told_the_truth_from_then_on()
    {
        using var machine = new RiscvMachine("uncounted");
        machine.Write(RiscvMachine.Code,
            0x3e800513, // li a0, 1000
            0xfff50513, // addi a0, a0, -1
            0xfe051ee3, // bnez a0, .-4
            0xc02025f3, // rdinstret a1
            0x3e800513, // li a0, 1000
            0xfff50513, // addi a0, a0, -1
            0xfe051ee3, // bnez a0, .-4
            0xc0202673, // rdinstret a2
            0x00000073); // ecall
        Assert.Equal(ExitReason.EnvironmentCall, machine.Run());
        Assert.InRange((long)machine.Hart["a1"], 0, 2000);
        Assert.Equal(2002UL, machine.Hart["a2"] - machine.Hart["a1"]);
        Assert.Equal(2004UL, (ulong)machine.Retired - machine.Hart["a1"]);
    }

    [Fact]
    public void Samples_tell_where_a_hart_is()
    {
        var samples = new Samples();
        using var machine = new ToyMachine("uncounted", s_options with { SampleListener = samples });
        machine.Write(Code, s_endless[0]);
        Crew.Work(2, number =>
        {
            if (number == 0)
            {
                Assert.Equal(ExitReason.Budget, machine.Run());
                return;
            }
            while (samples.Heard.Count < 100)
            {
                ((BaselineEngine)machine.Engine).RequestSamples();
                Thread.Yield();
            }
            machine.Hart.RequestStop();
        });
        Assert.All(samples.Heard, pc => Assert.True(pc is Code or Code + 4));
    }

    // The thread has no cell for faults: a poll that fails would end the process.
    [Fact]
    public void Code_counts_where_nobody_handles_faults()
    {
        using var machine = new ToyMachine("uncounted");
        machine.Write(Code, Encode(AddImmediate, 2, 2, 1), Encode(Call));
        machine.State->HostFault = null;
        Assert.Equal(ExitReason.EnvironmentCall, machine.Engine.Run(machine.Hart, long.MaxValue));
        Assert.Equal(2, machine.Retired);
    }

    private sealed class Samples : ISampleListener
    {
        public System.Collections.Concurrent.ConcurrentQueue<ulong> Heard { get; } = new();

        public void Sampled(Hart hart) => Heard.Enqueue(hart.State->Pc);
    }
}
