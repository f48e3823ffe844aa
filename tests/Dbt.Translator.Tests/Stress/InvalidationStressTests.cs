using Dbt.Isa;
using Dbt.Translator.Engines;
using Dbt.Translator.Tests.Toy;
using static Dbt.Translator.Tests.Toy.ToyMachine;
using static Dbt.Translator.Tests.Toy.ToyOperation;

namespace Dbt.Translator.Tests.Stress;

/// <summary>One thread changes code that others execute, on as many cores as there are.</summary>
public sealed unsafe class InvalidationStressTests
{
    public static TheoryData<string> Engines => ToyMachine.Engines;

    [Theory]
    [MemberData(nameof(Engines))]
    public void When_Invalidate_has_returned_nobody_executes_the_old_code(string engine)
    {
        const int Changes = 150;
        using var machine = new ToyMachine(engine, EngineOptions.Default with { SliceLength = 5000 });
        // Writes the number that is in the code to memory, over and over, until there is another number at r1 + 8.
        machine.Write(Code,
            Encode(AddImmediate, 3, 0, 1),
            Encode(Store, 3, 1, 0),
            Encode(Load, 9, 1, 8),
            Encode(BranchNotEqual, 4, 9, -12),
            Encode(Call));
        machine.Memory.TryWrite(Data + 8, 0L);
        Crew.Work(2, number =>
        {
            if (number == 0)
            {
                using var own = machine.Sibling();
                (own[1], own[4]) = (Data, 1);
                Assert.Equal(ExitReason.EnvironmentCall, own.Run());
                return;
            }
            try
            {
                var slot = (ulong*)(machine.Memory.Base + Data);
                for (ushort change = 2; change < Changes; change++)
                {
                    machine.Write(Code, Encode(AddImmediate, 3, 0, (short)change));
                    machine.Engine.Invalidate(Code, 4);
                    Volatile.Write(ref *slot, 0);
                    ulong seen;
                    while ((seen = Volatile.Read(ref *slot)) == 0)
                        Thread.Yield();
                    Assert.Equal(change, seen);
                }
            }
            finally
            {
                machine.Memory.TryWrite(Data + 8, 1L);
            }
        });
    }

    // A ring of blocks; whichever is dropped, its jumps are unlinked and linked again under two harts that run through them.
    [Theory]
    [MemberData(nameof(Engines))]
    public void Links_are_patched_under_harts_that_jump_through_them(string engine)
    {
        const int Blocks = 16, Rounds = 3000;
        // Blocks of the IL engine take milliseconds to make.
        var drops = engine == "block" ? 200 : 20_000;
        using var machine = new ToyMachine(engine, EngineOptions.Default with { SliceLength = 10_000 });
        for (var i = 0; i < Blocks; i++)
        {
            // Each adds one to r3 and jumps, taken or not, to the next; the last one counts the round.
            var at = Code + 256 * (uint)i;
            var last = i == Blocks - 1;
            machine.Write(at,
                Encode(AddImmediate, 3, 3, 1),
                Encode(AddImmediate, 2, 2, (short)(last ? -1 : 0)),
                Encode(BranchNotEqual, 2, 0, (short)(last ? -(Blocks - 1) * 256 - 8 : 256 - 8)),
                Encode(Call));
        }
        var done = 0;
        Crew.Work(3, number =>
        {
            if (number < 2)
            {
                using var own = machine.Sibling();
                do
                {
                    own.State->Pc = Code;
                    (own[2], own[3]) = (Rounds, 0);
                    var before = own.Retired;
                    Assert.Equal(ExitReason.EnvironmentCall, own.Run());
                    Assert.Equal(((ulong)Rounds * Blocks, 0UL), (own[3], own[2]));
                    own.AssertRetired(Rounds * Blocks * 3 + 1, before);
                }
                while (Volatile.Read(ref done) == 0);
                return;
            }
            var random = new Random(1);
            for (var i = 0; i < drops; i++)
                machine.Engine.Invalidate(Code + 256 * (uint)random.Next(Blocks), 4);
            Volatile.Write(ref done, 1);
        });
    }
}
