using Dbt.Isa;
using Dbt.Runtime.Faults;

namespace Dbt.Translator.Tests.Riscv;

/// <summary>Two harts of one guest on two host threads, with one engine.</summary>
public sealed unsafe class ThreadTests
{
    [Theory]
    [InlineData("interpreter")]
    [InlineData("block")]
    [InlineData("baseline")]
    [InlineData("auto")]
    [InlineData("alone")]
    [InlineData("uncounted")]
    public void Atomic_updates_of_two_harts_are_all_there(string engine)
    {
        const uint Turns = 100_000;
        const ulong Added = RiscvMachine.Data;
        const ulong Reserved = RiscvMachine.Data + 64;
        using var machine = new RiscvMachine(engine);
        WriteProgram(machine);
        using var second = Sibling(machine);

        var exits = new ExitReason[2];
        Hart[] harts = [machine.Hart, second];
        var threads = harts.Select((hart, i) => new Thread(() =>
        {
            using var scope = HostFaults.RegisterCurrentThread(hart.State);
            exits[i] = machine.Engine.Run(hart, long.MaxValue);
        })).ToList();
        foreach (var hart in harts)
            (hart["a0"], hart["a1"], hart["a2"]) = (Added, Turns, Reserved);
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        Assert.All(exits, exit => Assert.Equal(ExitReason.EnvironmentCall, exit));
        Assert.Equal(2 * Turns, BitConverter.ToUInt64(machine.MemoryOf(Added, 8)));
        Assert.Equal(2 * Turns, BitConverter.ToUInt64(machine.MemoryOf(Reserved, 8)));
    }

    // A hart that is alone does without locked instructions. It is not alone any more, in the middle of its loop.
    [Theory]
    [InlineData("alone")]
    [InlineData("uncounted")]
    public void A_hart_that_ran_alone_misses_no_update_of_one_that_comes(string engine)
    {
        const uint Turns = 2_000_000;
        for (var round = 0; round < 5; round++)
        {
            using var machine = new RiscvMachine(engine);
            WriteProgram(machine);
            using var second = Sibling(machine);
            foreach (var hart in new[] { machine.Hart, second })
                (hart["a0"], hart["a1"], hart["a2"]) = (RiscvMachine.Data, Turns, RiscvMachine.Data + 64);
            var first = new Thread(() => Run(machine, machine.Hart));
            first.Start();
            while (Volatile.Read(ref *(ulong*)(machine.Memory.Base + RiscvMachine.Data)) < Turns / 50)
                Thread.SpinWait(10);
            Run(machine, second);
            first.Join();
            Assert.Equal(2 * Turns, BitConverter.ToUInt64(machine.MemoryOf(RiscvMachine.Data, 8)));
            Assert.Equal(2 * Turns, BitConverter.ToUInt64(machine.MemoryOf(RiscvMachine.Data + 64, 8)));
        }
    }

    // Two counters, by an atomic addition and by a reservation.
    private static void WriteProgram(RiscvMachine machine)
    {
        machine.Write(
            RiscvMachine.Code,
            0x00100313, //    li t1, 1
            0x0065302f, // 1: amoadd.d zero, t1, (a0)
            0x100632af, // 2: lr.d t0, (a2)
            0x00128293, //    addi t0, t0, 1
            0x185633af, //    sc.d t2, t0, (a2)
            0xfe039ae3, //    bnez t2, 2b
            0xfff58593, //    addi a1, a1, -1
            0xfe0594e3, //    bnez a1, 1b
            0x00000073); //   ecall
    }

    private static Hart Sibling(RiscvMachine machine)
    {
        var hart = new Hart(machine.Isa, machine.Isa.DefaultExtensions, machine.Memory);
        hart.State->Memory = machine.State->Memory;
        hart.State->MemoryLimit = machine.State->MemoryLimit;
        hart.State->Pc = RiscvMachine.Code;
        return hart;
    }

    private static void Run(RiscvMachine machine, Hart hart)
    {
        using var scope = HostFaults.RegisterCurrentThread(hart.State);
        _ = machine.Engine.Run(hart, long.MaxValue);
    }
}
