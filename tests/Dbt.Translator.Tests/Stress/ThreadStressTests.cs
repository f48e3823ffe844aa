using Dbt.Isa;
using Dbt.Translator.Engines;
using Dbt.Translator.Tests.Toy;
using static Dbt.Translator.Tests.Toy.ToyMachine;
using static Dbt.Translator.Tests.Toy.ToyOperation;

namespace Dbt.Translator.Tests.Stress;

/// <summary>Engines among the other things that go on in a .NET process: collections, threads that come and go, stops, exceptions.</summary>
public sealed unsafe class ThreadStressTests
{
    private const ulong Slot = 256;

    public static TheoryData<string> Engines => ToyMachine.Engines;

    // r1: a slot of the data; r2 counts down; r3 sums; r6, r7 come from calls of the interpreter. Then faults behind the data at r8.
    private static readonly uint[] s_program =
    [
        Encode(Store, 3, 1, 0),
        Encode(ToyOperation.System, 6),
        Encode(MultiplyAdd, 3, 2, 3),
        Encode(Load, 4, 1, 0),
        Encode(ToyOperation.System, 7),
        Encode(AddImmediate, 2, 2, -1),
        Encode(BranchNotEqual, 2, 0, -24),
        Encode(AddImmediate, 5, 3, 1),
        Encode(Load, 5, 8, 0),
        Encode(Call),
    ];

    [Theory]
    [MemberData(nameof(Engines))]
    public void Harts_come_and_go_during_collections_faults_and_invalidations(string engine)
    {
        const int Threads = 4;
        const ulong Turns = 50;
        using var machine = new ToyMachine(engine);
        machine.Write(Code, s_program);
        Crew.Work(Threads, number =>
        {
            var live = new List<object>();
            for (var round = 0; round < 2000; round++)
            {
                using var own = machine.Sibling();
                (own[1], own[2], own[8]) = (Data + (ulong)number * Slot, Turns, Data + DataSize + 8 * (ulong)round);
                live.Add(new byte[2000]);
                Assert.Equal(ExitReason.MemoryFault, own.Run());
                Assert.Equal((Code + 32, own[8], AccessKind.Read), Fault(own));
                own.AssertRetired(8 + 7 * ((long)Turns - 1));
                var sum = 3 * Turns * (Turns + 1) / 2;
                Assert.Equal((sum, sum - 3, sum + 1), (own[3], own[4], own[5]));
                Assert.Equal((42UL, 42UL), (own[6], own[7]));
            }
        }, meanwhile: () => machine.Engine.Invalidate(Code, 4096));
        Assert.True(machine.Engine.Statistics.Invalidations > 0);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Faults_on_small_stacks_are_exact_two_at_once_during_collections(string engine)
    {
        const int Faults = 20_000;
        using var machine = new ToyMachine(engine);
        machine.Write(Code, Encode(AddImmediate, 4, 1, 16), Encode(AddImmediate, 5, 0, 7), Encode(Store, 5, 4, 8), Encode(AddImmediate, 5, 0, 9), Encode(Call));
        Crew.Work(2, number =>
        {
            using var own = machine.Sibling();
            for (ulong i = 0; i < Faults; i++)
            {
                own.State->Pc = Code;
                own[1] = Data + DataSize + ((ulong)number << 20) + 8 * i;
                own[9] = i;
                var before = own.Retired;
                Assert.Equal(ExitReason.MemoryFault, own.Run());
                Assert.Equal((Code + 8, own[1] + 24, AccessKind.Write), Fault(own));
                Assert.Equal((own[1] + 16, 7UL, i), (own[4], own[5], own[9]));
                own.AssertRetired(2, before);
            }
        }, stackBytes: 128 << 10);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void A_hart_translates_and_evicts_while_others_execute(string engine)
    {
        var blocks = engine == "block" ? 1000 : 200_000;
        using var machine = new ToyMachine(engine, EngineOptions.Default with { CacheBytes = 300_000, SliceLength = 100_000 });
        const uint Sweep = 0x1000;
        var count = (int)(CodeSize - Sweep) / 8;
        machine.Write(Code, s_program);
        for (var i = 0; i < count; i++)
            machine.Write(Code + Sweep + 8 * (uint)i, Encode(AddImmediate, 3, 3, 1), Encode(BranchNotEqual, 3, 0, 4));
        var done = 0;
        Crew.Work(3, number =>
        {
            using var own = machine.Sibling();
            if (number == 0)
            {
                try
                {
                    while (machine.Engine.Statistics.TranslatedBlocks < blocks)
                    {
                        own.State->Pc = Code + Sweep;
                        own[3] = 0;
                        var some = Math.Min(count, blocks);
                        Assert.Equal(ExitReason.Budget, own.Run(2 * some));
                        Assert.Equal((ulong)some, own[3]);
                    }
                }
                finally
                {
                    Volatile.Write(ref done, 1);
                }
                return;
            }
            do
            {
                own.State->Pc = Code;
                (own[1], own[2], own[3], own[8]) = (Data + (ulong)number * Slot, 1000, 0, Data + DataSize);
                Assert.Equal(ExitReason.MemoryFault, own.Run());
                Assert.Equal((Code + 32, own[8], AccessKind.Read), Fault(own));
                Assert.Equal(3UL * 500 * 1001, own[3]);
            }
            while (Volatile.Read(ref done) == 0);
        });
        Assert.True(machine.Engine.Statistics.Evictions > 0);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Endless_loops_are_stopped_again_and_again(string engine)
    {
        const int Threads = 2, Stops = 100;
        using var machine = new ToyMachine(engine, EngineOptions.Default with { SliceLength = 20_000 });
        machine.Write(Code, Encode(AddImmediate, 2, 2, 1), Encode(ToyOperation.System, 3), Encode(BranchNotEqual, 2, 0, -8));
        var harts = new ToyMachine[Threads];
        for (var i = 0; i < Threads; i++)
            harts[i] = machine.Sibling();
        var left = Threads;
        // A request comes back to its hart once, whenever it was made.
        var requests = new int[Threads];
        Crew.Work(Threads + 1, number =>
        {
            if (number < Threads)
            {
                for (var stop = 0; stop < Stops; stop++)
                {
                    var before = harts[number].Retired;
                    Interlocked.Increment(ref requests[number]);
                    Assert.Equal(ExitReason.Budget, harts[number].Run());
                    // Each iteration is three instructions, wherever it was stopped.
                    if (machine.Counts)
                        Assert.Equal((ulong)(harts[number].Retired + 2) / 3, harts[number][2]);
                    Assert.True(harts[number].Retired >= before);
                }
                Interlocked.Decrement(ref left);
                return;
            }
            while (Volatile.Read(ref left) > 0)
            {
                for (var i = 0; i < Threads; i++)
                    if (Interlocked.Exchange(ref requests[i], 0) > 0)
                        harts[i].Hart.RequestStop();
                Thread.Yield();
            }
        });
        foreach (var hart in harts)
            hart.Dispose();
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void What_a_callback_throws_comes_out_of_Run_and_nothing_else_breaks(string engine)
    {
        using var machine = new ToyMachine(engine);
        machine.Write(Code, Encode(AddImmediate, 2, 0, 5), Encode(ToyOperation.System, 3, 0, ToyIsa.ThrowsOwn), Encode(AddImmediate, 2, 0, 6), Encode(Call));
        machine.Write(Code + 64, Encode(AddImmediate, 2, 0, 5), Encode(ToyOperation.System, 3, 0, ToyIsa.ThrowsNull), Encode(AddImmediate, 2, 0, 6), Encode(Call));
        machine.Write(Code + 128, s_program);
        Crew.Work(3, number =>
        {
            using var own = machine.Sibling();
            for (var round = 0; round < 2000; round++)
            {
                own.State->Pc = Code;
                Assert.Throws<InvalidOperationException>(() => own.Run());
                Assert.Equal(5UL, own[2]);
                own.State->Pc = Code + 64;
                // A null pointer of ours is not a fault of the guest.
                Assert.Throws<NullReferenceException>(() => own.Run());
                Assert.Equal(5UL, own[2]);
                own.State->Pc = Code + 128;
                (own[1], own[2], own[3], own[8]) = (Data + (ulong)number * Slot, 3, 0, Data + DataSize);
                Assert.Equal(ExitReason.MemoryFault, own.Run());
                Assert.Equal((18UL, Code + 128 + 32), (own[3], own.State->Pc));
            }
        });
    }

    private static (ulong Pc, ulong Address, AccessKind Access) Fault(ToyMachine machine) =>
        (machine.State->Pc, machine.State->FaultAddress, machine.State->FaultAccess);
}
