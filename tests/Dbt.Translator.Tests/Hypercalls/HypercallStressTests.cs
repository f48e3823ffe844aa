using System.Runtime.InteropServices;
using Dbt.Isa;
using Dbt.Translator.Hypercalls;
using Dbt.Translator.Tests.Riscv;

namespace Dbt.Translator.Tests.Hypercalls;

/// <summary>
/// Handlers are swapped while harts call. Each returns its version; a guest sees that every result is at least the version that was in force before it called,
/// and at most the one that was about to be when it had returned: so a change is atomic for all harts, whatever it does to sites.
/// </summary>
public sealed unsafe class HypercallStressTests
{
    private const int Versions = 2048;
    private const ulong Floor = RiscvMachine.Data, Ceiling = RiscvMachine.Data + 64, Seen = RiscvMachine.Data + 128;

    // A hart that the host gives no time to must not be overtaken by so many versions that it cannot tell them apart.
    private const int MostBehind = 900;

    // What handlers in C# and this process itself return. They are every third, so an old one is gone when this changes.
    private static long s_version;
    private static long s_caller;

    /// <summary>DBT_REPATCHES: how many changes, a million to be sure.</summary>
    private static int Changes => int.TryParse(Environment.GetEnvironmentVariable("DBT_REPATCHES"), out var changes) ? changes : 30_000;

    [Theory]
    [InlineData("baseline", false)]
    [InlineData("baseline", true)]
    [InlineData("uncounted", false)]
    [InlineData("baseline-two-views", false)]
    [InlineData("block", true)]
    public void No_hart_gets_a_wrong_handler(string engine, bool funnel)
    {
        using var machine = new HypercallMachine(engine, funnel ? HypercallMachine.OrderedFunnel : HypercallMachine.Ordered);
        using var second = new Hart(machine.Hart.Isa, machine.Hart.Extensions, machine.Machine.Memory);
        second.State->Memory = machine.Machine.State->Memory;
        second.State->MemoryLimit = machine.Machine.State->MemoryLimit;
        Set(machine, 0);
        var isOver = false;
        Exception? failure = null;
        var turns = 0L;
        Hart[] harts = [machine.Hart, second];
        var threads = harts.Select((hart, number) => new Thread(() =>
        {
            try
            {
                (hart["a4"], hart["a5"], hart["a6"], hart["s1"]) = (Floor, Ceiling, Seen + 64 * (ulong)number, 0);
                while (!Volatile.Read(ref isOver))
                {
                    (hart["s0"], hart["pc"]) = (20_000, RiscvMachine.Code);
                    machine.Run(_ => (ulong)Volatile.Read(ref s_caller), hart);
                    Interlocked.Add(ref turns, 20_000);
                }
            }
            catch (Exception e)
            {
                Volatile.Write(ref failure, e);
            }
        })).ToArray();
        foreach (var thread in threads)
            thread.Start();
        try
        {
            for (var version = 1; version <= Changes && Volatile.Read(ref failure) == null; version++)
            {
                Set(machine, version);
                while (version % 64 == 0 && (IsBehind(machine, 0, version) || IsBehind(machine, 1, version)) && Volatile.Read(ref failure) == null)
                    Thread.Yield();
            }
        }
        finally
        {
            Volatile.Write(ref isOver, true);
            foreach (var thread in threads)
                thread.Join();
        }

        Assert.Null(failure);
        Assert.All(harts, hart => Assert.Equal(0UL, hart["s1"]));
        Assert.True(turns > 0);
        Assert.InRange(machine.Table.Version, Changes, 2 * Changes + 2);
    }

    private static bool IsBehind(HypercallMachine machine, int hart, int version) =>
        (version - Volatile.Read(ref *(long*)(machine.Machine.Memory.Base + Seen + 64 * (ulong)hart)) & Versions - 1) > MostBehind - 64;

    private static void Set(HypercallMachine machine, int number)
    {
        var version = number % Versions;
        var memory = machine.Machine.Memory.Base;
        Volatile.Write(ref *(long*)(memory + Ceiling), version);
        if (version % 7 == 2)
            Volatile.Write(ref s_version, version);
        if (version % 7 == 5)
            Volatile.Write(ref s_caller, version);
        var action = (version % 7) switch
        {
            2 => Hypercall.Call(&Version),
            5 => version % 2 == 0 ? Hypercall.Trap : null,
            0 or 3 => HypercallMachine.LeafReturning(version),
            _ => HypercallMachine.Returning(version),
        };
        // Both calls are never apart by more than a version: the second one's former handler is allowed until the floor rises.
        for (var call = 7UL; call <= 8; call++)
        {
            if (action != null)
                machine.Table.Set(new(call), action);
            else
                machine.Table.Remove(new(call));
        }
        Volatile.Write(ref *(long*)(memory + Floor), version);
    }

    [UnmanagedCallersOnly]
    private static int Version(HartHeader* state)
    {
        *(long*)((byte*)state + Isa.Riscv.RiscvRv64.Instance.RegisterFiles[0].Offset + 10 * sizeof(long)) = Volatile.Read(ref s_version);
        return 1;
    }
}
