using Dbt.Isa;
using Dbt.Translator.Engines;
using Dbt.Translator.Tests.Toy;
using static Dbt.Translator.Tests.Toy.ToyMachine;
using static Dbt.Translator.Tests.Toy.ToyOperation;

namespace Dbt.Translator.Tests.Stress;

/// <summary>Engines that are made and thrown away leave nothing behind. Alone in its process, which it measures.</summary>
[Collection(nameof(EngineLifetimeTests))]
[CollectionDefinition(nameof(EngineLifetimeTests), DisableParallelization = true)]
public sealed unsafe class EngineLifetimeTests
{
    private const int Engines = 300;

    [Theory]
    [InlineData("interpreter")]
    [InlineData("baseline")]
    [InlineData("auto")]
    [InlineData("block")]
    public void Engines_that_are_disposed_leave_no_memory_mappings_or_handlers(string engine)
    {
        Use(engine, 50);
        Settle();
        var (resident, mappings) = (ResidentBytes(), Mappings());
        Use(engine, Engines);
        Settle();
        Assert.InRange(Mappings(), 0, mappings + 40);
        // A region or an arena each would be 75 MB.
        Assert.InRange(ResidentBytes(), 0, resident + (40 << 20));
        Assert.Equal(0, Ranges());
    }

    [Fact]
    public void Engines_that_nobody_disposes_go_with_the_garbage()
    {
        for (var i = 0; i < Engines; i += 20)
        {
            Forget(20);
            Settle();
        }
        Assert.Equal(0, Ranges());
    }

    private static void Use(string engine, int count)
    {
        for (var i = 0; i < count; i++)
        {
            using var machine = new ToyMachine(engine, EngineOptions.Default with { CacheBytes = 100_000 });
            Run(machine);
        }
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static void Forget(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var machine = new ToyMachine("baseline");
            Run(machine);
            machine.Memory.Dispose();
        }
    }

    // A fault, then more blocks than a small cache holds.
    private static void Run(ToyMachine machine)
    {
        machine.Write(Code, Encode(Load, 2, 1, 0));
        machine[1] = Data + DataSize;
        Assert.Equal(ExitReason.MemoryFault, machine.Run());
        for (var block = 0U; block < 300; block++)
            machine.Write(Code + 64 + 8 * block, Encode(AddImmediate, 3, 3, 1), Encode(BranchNotEqual, 3, 0, 4));
        machine.State->Pc = Code + 64;
        Assert.Equal(ExitReason.Budget, machine.Run(600));
    }

    private static void Settle()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    private static int Ranges()
    {
        var used = 0;
        for (var i = 0; i < HostCodeRanges.Count; i++)
            used += HostCodeRanges.Table[i].Length != 0 ? 1 : 0;
        return used;
    }

    private static int Mappings() => File.ReadLines("/proc/self/maps").Count();

    private static long ResidentBytes() =>
        long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture) * Environment.SystemPageSize;
}
