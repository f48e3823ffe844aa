using Dbt.Isa;
using Dbt.Translator.Engines;
using Dbt.Translator.Tests.Toy;
using static Dbt.Translator.Tests.Toy.ToyMachine;
using static Dbt.Translator.Tests.Toy.ToyOperation;

namespace Dbt.Translator.Tests;

/// <summary>What every engine promises, on a guest that is not RISC-V.</summary>
public sealed unsafe class EngineTests
{
    public static TheoryData<string> Engines => ToyMachine.EnginesWithRegions;

    // r2 counts down from 100, r3 sums, r4 is stored and loaded.
    private static readonly uint[] s_loop =
    [
        Encode(AddImmediate, 2, 0, 100),
        Encode(MultiplyAdd, 3, 2, 3),
        Encode(Store, 3, 1, 8),
        Encode(Load, 4, 1, 8),
        Encode(AddImmediate, 2, 2, -1),
        Encode(BranchNotEqual, 2, 0, -16),
        Encode(Call),
    ];

    [Theory]
    [MemberData(nameof(Engines))]
    public void A_loop_gives_the_right_result_and_count(string engine)
    {
        using var machine = new ToyMachine(engine);
        machine.Write(Code, s_loop);
        machine[1] = Data;
        Assert.Equal(ExitReason.EnvironmentCall, machine.Run());
        Assert.Equal(Code + 24, machine.State->Pc);
        Assert.Equal(3UL * 5050, machine[3]);
        Assert.Equal(machine[3], machine[4]);
        Assert.Equal(0UL, machine[2]);
        machine.AssertRetired(1 + 100 * 5 + 1);
        Assert.Equal(machine.Retired, machine.Engine.Statistics.Instructions);
    }

    [Theory]
    [InlineData("interpreter", 0, 502)]
    [InlineData("auto", 3, 0)]
    [InlineData("baseline", 0, 0)]
    [InlineData("block-cold", 3, 0)]
    public void Statistics_tell_what_each_tier_did(string engine, int interpretedRounds, int interpreted)
    {
        using var machine = new ToyMachine(engine, EngineOptions.Default with { MeasuresTime = true });
        machine.Write(Code, s_loop);
        machine[1] = Data;
        machine.Run();
        var statistics = machine.Engine.Statistics;
        var tiers = statistics.Tiers;
        Assert.Equal("interpreter", tiers[0].Name);
        var handedOver = statistics.HandedOver.Sum(operation => operation.Value);
        Assert.Equal(statistics.Instructions, tiers.Sum(tier => tier.Instructions) + handedOver);
        // Besides the loop there is a block in front of it, which is its first round too, and the call behind it.
        if (interpreted == 0 && interpretedRounds > 0)
            interpreted = 6 + interpretedRounds * 5 + 1;
        Assert.Equal(interpreted, tiers[0].Instructions);
        Assert.Equal(statistics.InterpretedInstructions, interpreted + handedOver);
        Assert.True(statistics.TranslationTime > TimeSpan.Zero);
        Assert.All(tiers, tier => Assert.Equal(tier.Entries, tier.Exits.Sum(exit => exit.Value)));
        if (engine == "interpreter")
            return;
        var compiled = tiers[1];
        Assert.Equal(machine.Engine.Name, compiled.Name);
        Assert.Equal(interpretedRounds > 0 ? 1 : 3, compiled.Blocks);
        Assert.Equal(interpretedRounds > 0 ? 5 : 12, compiled.BlockInstructions);
        // It did not bounce: it was left at the end, and before that to link the loop to itself, if that takes a link.
        if (interpretedRounds > 0)
            Assert.InRange(compiled.Entries, 1, 2);
        Assert.True(compiled.Bytes > 0);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Operations_that_are_the_interpreters_are_counted(string engine)
    {
        using var machine = new ToyMachine(engine);
        machine.Write(Code, Encode(ToyOperation.System, 7), Encode(AddImmediate, 2, 2, -1), Encode(BranchNotEqual, 2, 0, -8), Encode(Call));
        machine[2] = 50;
        Assert.Equal(ExitReason.EnvironmentCall, machine.Run());
        var handedOver = machine.Engine.Statistics.HandedOver;
        if (engine == "interpreter")
        {
            Assert.Empty(handedOver);
            return;
        }
        // A poll that fails hands its jump over.
        if (engine is "polls" or "region-polls")
            return;
        Assert.Equal(nameof(ToyOperation.System), handedOver[0].Key);
        Assert.InRange(handedOver[0].Value, 40, 50);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void The_budget_is_exact_at_every_instruction(string engine)
    {
        using var whole = new ToyMachine("interpreter");
        using var pieces = new ToyMachine(engine, EngineOptions.Default with { SliceLength = 7 });
        foreach (var machine in new[] { whole, pieces })
        {
            machine.Write(Code, s_loop);
            machine[1] = Data;
        }
        for (var step = 1; step <= 60; step++)
        {
            Assert.Equal(ExitReason.Budget, whole.Run(1));
            pieces.State->Pc = Code;
            for (var register = 2; register < 16; register++)
                pieces[register] = 0;
            var before = pieces.Retired;
            Assert.Equal(ExitReason.Budget, pieces.Run(step));
            Assert.Equal(step, pieces.Retired - before);
            Assert.Equal(whole.State->Pc, pieces.State->Pc);
            for (var register = 0; register < 16; register++)
                Assert.Equal(whole[register], pieces[register]);
        }
        Assert.Equal(ExitReason.Budget, pieces.Run(0));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void A_fault_leaves_the_state_before_the_instruction(string engine)
    {
        using var machine = new ToyMachine(engine);
        machine.Engine.RequirePreciseFaults();
        machine.Write(Code,
            Encode(AddImmediate, 2, 0, 1),
            Encode(AddImmediate, 3, 2, 4),
            Encode(Store, 3, 1, 0),
            Encode(AddImmediate, 3, 3, 100),
            Encode(AddImmediate, 1, 1, 8),
            Encode(BranchNotEqual, 1, 0, -20));
        machine[1] = Data;
        for (var round = 0; round < 3; round++)
        {
            machine.State->Pc = Code;
            var start = machine[1];
            var before = machine.Retired;
            Assert.Equal(ExitReason.MemoryFault, machine.Run());
            Assert.Equal(Code + 8, machine.State->Pc);
            Assert.Equal(Data + DataSize, machine.State->FaultAddress);
            Assert.Equal(AccessKind.Write, machine.State->FaultAccess);
            Assert.Equal(11, machine.State->FaultSignal);
            Assert.Equal(5UL, machine[3]);
            Assert.Equal(Data + DataSize, machine[1]);
            machine.AssertRetired((long)(Data + DataSize - start) / 8 * 6 + 2, before);
        }
    }

    [Theory]
    [InlineData("region")]
    [InlineData("region-uncounted")]
    public void A_fault_that_need_not_be_exact_names_its_kind_and_address(string engine)
    {
        using var machine = new ToyMachine(engine);
        machine.Write(Code,
            Encode(AddImmediate, 3, 3, 100),
            Encode(Store, 3, 1, 0),
            Encode(AddImmediate, 1, 1, 8),
            Encode(BranchNotEqual, 1, 0, -12));
        machine[1] = Data;
        Assert.Equal(ExitReason.MemoryFault, machine.Run());
        Assert.Equal(Code, machine.State->Pc);
        Assert.Equal(Data + DataSize, machine.State->FaultAddress);
        Assert.Equal(AccessKind.Write, machine.State->FaultAccess);
        Assert.Equal(11, machine.State->FaultSignal);
        Assert.True(machine.Memory.TryRead(Data + DataSize - 8, out ulong last));
        Assert.Equal(DataSize / 8 * 100, last);

        // An address that is computed in each turn, and leaves the window.
        machine.Write(Code, Encode(Load, 2, 1, 0), Encode(MultiplyAdd, 1, 4, 1), Encode(BranchNotEqual, 1, 0, -8));
        machine.Engine.Invalidate(Code, 12);
        machine.State->Pc = Code;
        machine[1] = Data;
        machine[4] = 1UL << 60;
        Assert.Equal(ExitReason.MemoryFault, machine.Run());
        Assert.Equal(Data + (1UL << 60), machine.State->FaultAddress);
        Assert.Equal(AccessKind.Read, machine.State->FaultAccess);
        Assert.Equal(0, machine.State->FaultSignal);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Addresses_outside_of_the_window_fault(string engine)
    {
        using var machine = new ToyMachine(engine);
        machine.Engine.RequirePreciseFaults();
        machine.Write(Code, Encode(AddImmediate, 2, 0, 7), Encode(Load, 2, 1, 0), Encode(AddImmediate, 2, 0, 9), Encode(Call));
        foreach (var address in new[] { machine.Memory.Size, machine.Memory.Size - 1, ulong.MaxValue, 1UL << 63, 0UL })
        {
            machine.State->Pc = Code;
            machine[1] = address;
            var before = machine.Retired;
            Assert.Equal(ExitReason.MemoryFault, machine.Run());
            Assert.Equal(Code + 4, machine.State->Pc);
            Assert.Equal(AccessKind.Read, machine.State->FaultAccess);
            Assert.Equal(address, machine.State->FaultAddress);
            Assert.Equal(7UL, machine[2]);
            machine.AssertRetired(1, before);
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Fetch_faults_name_the_address(string engine)
    {
        using var machine = new ToyMachine(engine);
        machine.Write(Code, Encode(JumpRegister, 1, 2, 0));
        foreach (var target in new[] { 0UL, Data, Code + CodeSize, ulong.MaxValue - 1 })
        {
            machine.State->Pc = Code;
            machine[1] = target;
            Assert.Equal(ExitReason.MemoryFault, machine.Run());
            Assert.Equal((target, target), (machine.State->Pc, machine.State->FaultAddress));
            Assert.Equal(AccessKind.Execute, machine.State->FaultAccess);
            Assert.Equal(0, machine.State->FaultSignal);
        }
        machine.State->Pc = Code;
        machine[1] = Code + 1;
        Assert.Equal(ExitReason.MisalignedAccess, machine.Run());
        Assert.Equal(Code + 1, machine.State->FaultAddress);
        Assert.Equal(AccessKind.Execute, machine.State->FaultAccess);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void An_instruction_may_straddle_pages_but_not_leave_the_mapping(string engine)
    {
        using var machine = new ToyMachine(engine);
        machine.Memory.TryWrite(Code + 4094, Encode(AddImmediate, 2, 2, 5));
        machine.Write(Code + 4098, Encode(Call));
        machine.State->Pc = Code + 4094;
        Assert.Equal(ExitReason.EnvironmentCall, machine.Run());
        Assert.Equal(5UL, machine[2]);

        machine.Memory.TryWrite(Code + CodeSize - 2, (ushort)Encode(AddImmediate, 2, 2, 5));
        machine.State->Pc = Code + CodeSize - 2;
        Assert.Equal(ExitReason.MemoryFault, machine.Run());
        Assert.Equal(Code + CodeSize - 2, machine.State->Pc);
        Assert.Equal(Code + CodeSize, machine.State->FaultAddress);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Illegal_bits_stop_at_themselves(string engine)
    {
        using var machine = new ToyMachine(engine);
        machine.Write(Code, Encode(AddImmediate, 2, 2, 5), 0, Encode(Call));
        for (var round = 1; round < 6; round++)
        {
            machine.State->Pc = Code;
            Assert.Equal(ExitReason.IllegalInstruction, machine.Run());
            Assert.Equal(Code + 4, machine.State->Pc);
            Assert.Equal(5UL * (uint)round, machine[2]);
            machine.AssertRetired(round);
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Operands_are_read_before_results_are_written(string engine)
    {
        using var machine = new ToyMachine(engine);
        machine.Write(Code, Encode(JumpRegister, 1, 1, 4), Encode(Nop), Encode(Call));
        machine[1] = Code + 4;
        Assert.Equal(ExitReason.EnvironmentCall, machine.Run());
        Assert.Equal(Code + 4, machine[1]);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Conditional_writes_and_interpreted_instructions(string engine)
    {
        using var machine = new ToyMachine(engine);
        machine.Write(Code,
            Encode(Conditional, 2, 3, 0x15), // r2 = 0x15, r5++ if r3
            Encode(AddImmediate, 6, 5, 1),
            Encode(Conditional, 6, 4, 0x26), // r6 = 0x26, then r6++
            Encode(ToyOperation.System, 7),
            Encode(MultiplyAdd, 8, 7, 1),
            Encode(Call));
        for (ulong round = 0; round < 8; round++)
        {
            machine.State->Pc = Code;
            (machine[2], machine[3], machine[4], machine[5], machine[8]) = (1, round & 1, round & 2, 10, 0);
            Assert.Equal(ExitReason.EnvironmentCall, machine.Run());
            Assert.Equal((round & 1) != 0 ? 0x15UL : 1, machine[2]);
            Assert.Equal((round & 1) != 0 ? 11UL : 10, machine[5]);
            Assert.Equal((round & 2) != 0 ? 0x27UL : machine[5] + 1, machine[6]);
            Assert.Equal((42UL, 42UL), (machine[7], machine[8]));
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void A_fence_shows_changed_code(string engine)
    {
        using var machine = new ToyMachine(engine);
        // Each round writes r5 over the instruction at Code + 16.
        machine.Write(Code,
            Encode(Load, 5, 1, 0),
            Encode(Store, 5, 2, 16),
            Encode(Fence),
            Encode(Nop) | Encode(Nop) << 16,
            Encode(AddImmediate, 3, 0, 1),
            Encode(Call));
        (machine[1], machine[2]) = (Data, Code);
        for (ushort round = 1; round < 10; round++)
        {
            machine.State->Pc = Code;
            machine.Memory.TryWrite(Data, (ulong)Encode(Call) << 32 | Encode(AddImmediate, 3, 0, round));
            Assert.Equal(ExitReason.EnvironmentCall, machine.Run());
            Assert.Equal(round, machine[3]);
        }
        Assert.True(machine.Engine.Statistics.Invalidations >= 8);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Invalidation_drops_what_overlaps(string engine)
    {
        using var machine = new ToyMachine(engine);
        machine.Write(Code, Encode(AddImmediate, 2, 0, 1), Encode(BranchNotEqual, 2, 0, 4092));
        machine.Write(Code + 4096, Encode(AddImmediate, 3, 0, 1), Encode(Call));
        for (var round = 0; round < 6; round++)
        {
            machine.State->Pc = Code;
            Assert.Equal(ExitReason.EnvironmentCall, machine.Run());
        }
        machine.Write(Code + 4096, Encode(AddImmediate, 3, 0, 2));
        machine.Engine.Invalidate(Code + 4095, 2);
        machine.State->Pc = Code;
        Assert.Equal(ExitReason.EnvironmentCall, machine.Run());
        Assert.Equal(2UL, machine[3]);
        machine.Engine.Invalidate(0, ulong.MaxValue);
        machine.Engine.Invalidate(ulong.MaxValue, 1);
        machine.Engine.Invalidate(Code, 0);
        machine.State->Pc = Code;
        Assert.Equal(ExitReason.EnvironmentCall, machine.Run());
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void A_stop_request_ends_an_endless_loop(string engine)
    {
        // No slice is so long that the request would not be seen.
        using var machine = new ToyMachine(engine, EngineOptions.Default with { SliceLength = long.MaxValue });
        machine.Write(Code, Encode(AddImmediate, 2, 2, 1), Encode(BranchNotEqual, 2, 0, -4));
        using var started = new ManualResetEventSlim();
        var reason = ExitReason.None;
        var thread = new Thread(() =>
        {
            started.Set();
            reason = machine.Run();
        });
        thread.Start();
        started.Wait();
        machine.Hart.RequestStop();
        Assert.True(thread.Join(TimeSpan.FromMinutes(1)));
        Assert.Equal(ExitReason.Budget, reason);
        Assert.Equal(ExitReason.Budget, machine.Run(1000));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Harts_on_two_threads_share_atomics(string engine)
    {
        const int Rounds = 20_000;
        using var first = new ToyMachine(engine);
        using var second = first.Sibling();
        first.Write(Code,
            Encode(AddImmediate, 4, 0, 3),
            Encode(FetchAdd, 4, 1, 0),
            Encode(AddImmediate, 2, 2, -1),
            Encode(BranchNotEqual, 2, 0, -12),
            Encode(Call));
        var threads = new[] { first, second }.Select(machine =>
        {
            (machine[1], machine[2]) = (Data + 64, Rounds);
            return new Thread(() => Assert.Equal(ExitReason.EnvironmentCall, machine.Run()));
        }).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());
        first.Memory.TryRead(Data + 64, out ulong sum);
        Assert.Equal(2UL * Rounds * 3, sum);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Misaligned_atomics_exit(string engine)
    {
        using var machine = new ToyMachine(engine);
        machine.Write(Code, Encode(AddImmediate, 3, 0, 1), Encode(FetchAdd, 3, 1, 0), Encode(Call));
        foreach (var offset in new[] { 4UL, 1UL, 7UL })
        {
            machine.State->Pc = Code;
            machine[1] = Data + offset;
            var before = machine.Retired;
            Assert.Equal(ExitReason.MisalignedAccess, machine.Run());
            Assert.Equal((Code + 4, Data + offset), (machine.State->Pc, machine.State->FaultAddress));
            Assert.Equal(AccessKind.Write, machine.State->FaultAccess);
            machine.AssertRetired(1, before);
        }
        machine.State->Pc = Code;
        machine[1] = Data + DataSize;
        Assert.Equal(ExitReason.MemoryFault, machine.Run());
        Assert.Equal((Code + 4, Data + DataSize), (machine.State->Pc, machine.State->FaultAddress));
        Assert.Equal(AccessKind.Write, machine.State->FaultAccess);
    }

    [Theory]
    [InlineData("interpreter", 500_000)]
    [InlineData("baseline", 200_000)]
    [InlineData("uncounted", 200_000)]
    [InlineData("auto", 200_000)]
    [InlineData("block", 4_000)]
    [InlineData("block-cold", 200_000)]
    public void A_tiny_cache_is_emptied_again_and_again(string engine, int blocks)
    {
        using var machine = new ToyMachine(engine, EngineOptions.Default with { CacheBytes = 300_000 });
        var count = (int)CodeSize / 8;
        for (var i = 0; i < count; i++)
            machine.Write(Code + 8 * (uint)i, Encode(AddImmediate, 3, 3, 1), Encode(BranchNotEqual, 3, 0, 4));
        while (machine.Engine.Statistics.TranslatedBlocks < blocks)
        {
            machine.State->Pc = Code;
            machine[3] = 0;
            Assert.Equal(ExitReason.Budget, machine.Run(Math.Min(count, blocks) * 2));
            Assert.Equal((ulong)Math.Min(count, blocks), machine[3]);
        }
        Assert.True(machine.Engine.Statistics.Evictions > blocks / 1000);
    }
}
