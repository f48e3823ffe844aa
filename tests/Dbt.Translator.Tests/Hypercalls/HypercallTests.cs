using System.Runtime.InteropServices;
using Dbt.Isa;
using Dbt.Translator.Hypercalls;
using Dbt.Translator.Tests.Riscv;

namespace Dbt.Translator.Tests.Hypercalls;

/// <summary>Calls that do not come to the engine's caller, on every engine.</summary>
public sealed unsafe class HypercallTests
{
    private const ulong Turns = 1000;

    public static TheoryData<string> Engines => ["interpreter", "block", "region", "baseline", "auto", "baseline-two-views", "uncounted", "polls", "alone"];

    public static TheoryData<string> Baseline => ["baseline", "baseline-two-views", "uncounted", "polls"];

    [Theory]
    [MemberData(nameof(Engines))]
    public void A_call_does_what_its_handler_does(string engine)
    {
        foreach (var (action, sum) in new (Hypercall Action, ulong Sum)[]
        {
            (HypercallMachine.Returning(5), 5 * Turns),
            (HypercallMachine.Returning(-1L << 40), unchecked((ulong)(-1L << 40) * Turns)),
            (HypercallMachine.LeafReturning(6), 6 * Turns),
            (Hypercall.Inline(HypercallStep.Add(1, 2), HypercallStep.Load(10, 1), HypercallStep.Store(2, 10), HypercallStep.Set(17, 9)), Turns * (Turns + 1)),
            (Hypercall.Call(&Increment), (Turns + 1) * (Turns + 2) / 2 - 1),
            (Hypercall.Nop, Turns),
        })
        {
            using var machine = new HypercallMachine(engine, HypercallMachine.Sum);
            machine.Table.Set(new(7), action);
            (machine.Hart["s0"], machine.Hart["a0"]) = (Turns, 1);
            var came = machine.Run();

            Assert.Equal(0, came);
            Assert.Equal(sum, machine.Hart["s1"]);
            // Every instruction counts once, made by whom it may.
            if (engine is not ("uncounted" or "polls"))
                Assert.Equal((long)(5 * Turns + 2), machine.Machine.Retired);
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void What_traps_comes_to_the_caller_each_time(string engine)
    {
        foreach (var action in new[] { Hypercall.Trap, Hypercall.Call(&Refuse), null })
        {
            using var machine = new HypercallMachine(engine, HypercallMachine.Sum);
            if (action != null)
                machine.Table.Set(new(7), action);
            machine.Hart["s0"] = Turns;
            var came = machine.Run(_ => 3);

            Assert.Equal((int)Turns, came);
            Assert.Equal(3 * Turns, machine.Hart["s1"]);
            Assert.Equal((long)Turns, machine.Table.Counts.Single(count => count.Key.Number == 7).Exits);
        }
    }

    // A site that makes more different calls than its cache knows.
    [Theory]
    [MemberData(nameof(Engines))]
    public void One_site_makes_many_calls(string engine)
    {
        using var machine = new HypercallMachine(engine, HypercallMachine.Funnel);
        for (var number = 0; number < 7; number++)
            machine.Table.Set(new((ulong)number), (number % 3) switch
            {
                0 => HypercallMachine.Returning(1 << 4 * number),
                1 => HypercallMachine.LeafReturning(1 << 4 * number),
                _ => Hypercall.Call(&Shifted),
            });
        machine.Hart["s0"] = 8 * Turns;
        var came = machine.Run(number => number == 7 ? 1UL << 28 : throw new InvalidOperationException($"Call {number} came."));

        Assert.Equal((int)Turns, came);
        Assert.Equal(Turns * 0x11111111UL, machine.Hart["s1"]);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Tracing_sees_all_calls_and_ends(string engine)
    {
        using var machine = new HypercallMachine(engine, HypercallMachine.Sum);
        machine.Table.Set(new(7), HypercallMachine.Returning(1));
        machine.Hart["s0"] = Turns;
        machine.Run();
        machine.Table.IsTraced = true;
        (machine.Hart["s0"], machine.Hart["pc"]) = (Turns, RiscvMachine.Code);
        var came = machine.Run(_ => 10);
        machine.Table.IsTraced = false;
        (machine.Hart["s0"], machine.Hart["pc"]) = (Turns, RiscvMachine.Code);
        machine.Run();

        Assert.Equal((int)Turns, came);
        Assert.Equal(12 * Turns, machine.Hart["s1"]);
    }

    // Registers of both files, the rounding mode and the accrued exceptions are the guest's, whatever a handler in C# does.
    [Theory]
    [MemberData(nameof(Engines))]
    public void Handlers_in_managed_code_keep_registers(string engine)
    {
        using var machine = new HypercallMachine(engine, HypercallMachine.Sum);
        machine.Table.Set(new(7), Hypercall.Call(&Compute));
        var isa = machine.Machine.Isa;
        var kept = new Dictionary<string, ulong>();
        for (var file = 0; file < 2; file++)
            for (var i = 0; i < 32; i++)
                if (isa.RegisterFiles[file].Names[i] is var name && name is not ("zero" or "a0" or "a7" or "s0" or "s1"))
                    machine.Hart[name] = kept[name] = 0x1234_5678_9ABC_0000UL + (ulong)(file * 32 + i);
        machine.Hart["s0"] = Turns;
        (machine.Hart.State->FpFlags, machine.Hart.State->FpRounding) = (4, 1);
        machine.Run();

        Assert.All(kept, register => Assert.Equal(register.Value, machine.Hart[register.Key]));
        Assert.Equal((4u, 1u), (machine.Hart.State->FpFlags, machine.Hart.State->FpRounding));
    }

    [Theory]
    [MemberData(nameof(Baseline))]
    public void The_host_fills_structures_of_the_guest(string engine)
    {
        using var machine = new HypercallMachine(engine, HypercallMachine.Query);
        machine.Table.Set(new(8), Hypercall.Ask(new HostQuery((nint)(delegate* unmanaged<long, long*, long>)&Fill, 2, 1, 2)));
        (machine.Hart["s0"], machine.Hart["s3"], machine.Hart["s4"]) = (Turns, 40, RiscvMachine.Data + 8);
        var came = machine.Run(_ => 0);

        Assert.InRange(came, 1, 20);
        Assert.Equal(0UL, machine.Hart["s1"]);
        Assert.Equal([41L, 42L], MemoryMarshal.Cast<byte, long>(machine.Machine.MemoryOf(RiscvMachine.Data + 8, 16)).ToArray());
    }

    // Where nothing is mapped, where it may not be written, outside of the window, at its end, and where the host has memory of its own.
    [Theory]
    [InlineData(0UL)]
    [InlineData(RiscvMachine.Data + RiscvMachine.DataSize)]
    [InlineData(RiscvMachine.Data + RiscvMachine.DataSize - 8)]
    [InlineData(1UL << 30)]
    [InlineData((1UL << 30) - 8)]
    [InlineData(1UL << 40)]
    [InlineData(ulong.MaxValue)]
    [InlineData(0x8000_0000_0000_0000UL)]
    public void Structures_at_bad_addresses_are_the_callers(ulong address)
    {
        foreach (string engine in Baseline)
        {
            using var machine = new HypercallMachine(engine, HypercallMachine.Query);
            machine.Table.Set(new(8), Hypercall.Ask(new HostQuery((nint)(delegate* unmanaged<long, long*, long>)&Fill, 2, 1, 2)));
            // The site is hot when the address becomes bad.
            (machine.Hart["s0"], machine.Hart["s3"], machine.Hart["s4"]) = (Turns, 40, RiscvMachine.Data);
            machine.Run(_ => 0);
            (machine.Hart["s0"], machine.Hart["s4"], machine.Hart["pc"]) = (10, address, RiscvMachine.Code);
            var came = machine.Run(_ => machine.Hart["a0"] == 40 && machine.Hart["a1"] == address ? 14UL : 0);

            Assert.Equal(10, came);
            Assert.Equal(140UL, machine.Hart["s1"]);
        }
    }

    [Theory]
    [MemberData(nameof(Baseline))]
    public void Errors_of_the_host_are_the_callers(string engine)
    {
        using var machine = new HypercallMachine(engine, HypercallMachine.Query);
        machine.Table.Set(new(8), Hypercall.Ask(new HostQuery((nint)(delegate* unmanaged<long, long*, long>)&Fill, 2, 1, 2)));
        (machine.Hart["s0"], machine.Hart["s3"], machine.Hart["s4"]) = (Turns, ulong.MaxValue, RiscvMachine.Data);

        Assert.Equal((int)Turns, machine.Run(_ => 1));
        Assert.Equal(Turns, machine.Hart["s1"]);
    }

    [Theory]
    [MemberData(nameof(Baseline))]
    public void Sites_are_patched_when_they_are_hot_and_put_back(string engine)
    {
        using var machine = new HypercallMachine(engine, HypercallMachine.Sum);
        var (one, two) = (HypercallMachine.Returning(1), HypercallMachine.Returning(2));
        machine.Table.Set(new(7), one);
        Run(3);
        Assert.Equal((2, 0, 0), Sites(machine));
        Run(Turns);
        Assert.Equal((1, 0, 1), Sites(machine));
        machine.Table.Set(new(7), HypercallMachine.LeafReturning(1));
        Assert.Equal((1, 1, 0), Sites(machine));
        Run(Turns);
        machine.Table.Set(new(7), two);
        Assert.Equal((1, 0, 1), Sites(machine));
        machine.Table.IsTraced = true;
        Assert.Equal((1, 1, 0), Sites(machine));
        machine.Table.Set(new(7), one);
        Assert.Equal((1, 1, 0), Sites(machine));
        machine.Table.IsTraced = false;
        Assert.Equal((1, 0, 1), Sites(machine));
        Run(Turns);
        Assert.True(machine.Table.Remove(new(7)));
        Assert.False(machine.Table.Remove(new(7)));
        Assert.Equal((1, 1, 0), Sites(machine));
        Assert.Equal(3 + 3 * Turns, machine.Hart["s1"]);

        void Run(ulong turns)
        {
            (machine.Hart["s0"], machine.Hart["pc"]) = (turns, RiscvMachine.Code);
            machine.Run();
        }
    }

    // Of several steps, what lies behind a site is one handler's.
    [Theory]
    [MemberData(nameof(Baseline))]
    public void Steps_behind_a_site_are_those_of_the_handler_that_it_was_compiled_for(string engine)
    {
        using var machine = new HypercallMachine(engine, HypercallMachine.Sum);
        var first = Hypercall.Inline(HypercallStep.Add(0, 1), HypercallStep.Load(10, 0));
        machine.Table.Set(new(7), first);
        Run(Turns, 0);
        Assert.Equal((1, 0, 1), Sites(machine));
        machine.Table.Set(new(7), HypercallMachine.Returning(2));
        Assert.Equal((1, 1, 0), Sites(machine));
        Run(Turns, Turns * (Turns + 1) / 2);
        machine.Table.Set(new(7), first);
        Assert.Equal((1, 0, 1), Sites(machine));
        Run(1, Turns * (Turns + 1) / 2 + 2 * Turns);
        Assert.Equal(Turns + 1, machine.Hart["a0"]);

        void Run(ulong turns, ulong sum)
        {
            Assert.Equal(sum, machine.Hart["s1"]);
            (machine.Hart["s0"], machine.Hart["pc"]) = (turns, RiscvMachine.Code);
            machine.Run();
        }
    }

    // Every register that a slot's instruction may have, and numbers that need more than one.
    [Theory]
    [MemberData(nameof(Baseline))]
    public void Every_register_can_be_written_and_read_in_place(string engine)
    {
        for (var register = 1; register < 32; register++)
        {
            if (register is 8 or 9 or 17)
                continue; // the program's own
            foreach (var (action, value) in new[]
            {
                (Hypercall.Inline(HypercallStep.Set(register, -3)), unchecked((ulong)-3)),
                (Hypercall.Inline(HypercallStep.Set(register, 3L << 40)), 3UL << 40),
                (Hypercall.Inline(HypercallStep.Load(register, 3)), 77UL),
                (Hypercall.Inline(HypercallStep.Store(3, register)), 5UL),
                (Hypercall.Leaf(HypercallStep.Load(register, 3)), 77UL),
                (Hypercall.Leaf(HypercallStep.Store(3, register)), 5UL),
            })
            {
                using var machine = new HypercallMachine(engine, HypercallMachine.Sum);
                machine.Table.Set(new(7), action);
                machine.Hart.SetRegister(0, register, 5);
                machine.Hart.State->CallWords[3] = 77;
                machine.Hart["s0"] = 20;
                machine.Run();

                Assert.Equal(value, machine.Hart.GetRegister(0, register));
                Assert.Equal(action.Steps[0].Kind == HypercallStepKind.Store ? 5UL : 77, machine.Hart.State->CallWords[3]);
            }
        }
    }

    [Fact]
    public void Registers_that_do_not_exist_and_bad_queries_are_refused()
    {
        using var machine = new HypercallMachine("baseline", HypercallMachine.Sum);
        Assert.Throws<ArgumentException>(() => machine.Table.Set(new(7), Hypercall.Inline(HypercallStep.Set(0, 1))));
        Assert.Throws<ArgumentException>(() => machine.Table.Set(new(7), Hypercall.Inline(HypercallStep.Load(32, 1))));
        Assert.Throws<ArgumentOutOfRangeException>(() => HypercallStep.Store(HartHeader.CallWordCount, 10));
        Assert.Throws<ArgumentOutOfRangeException>(() => Hypercall.Ask(new HostQuery(1, 2, 2, 1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Hypercall.Ask(new HostQuery(1, 2, 1, 5)));
        Assert.Throws<ArgumentOutOfRangeException>(() => Hypercall.Ask(new HostQuery(0, 2, 1, 1)));
        for (var number = 1UL; number <= HypercallTable.MostCalls; number++)
            machine.Table.Set(new(number), Hypercall.Nop);
        Assert.Throws<InvalidOperationException>(() => machine.Table.Set(new(1000), Hypercall.Nop));
    }

    private static (int Exit, int Cached, int Inlined) Sites(HypercallMachine machine)
    {
        var sites = machine.Table.Sites;
        return (sites[HypercallSiteState.Exit], sites[HypercallSiteState.Cached], sites[HypercallSiteState.Inlined]);
    }

    private static ref ulong Register(HartHeader* state, int number) => ref *(ulong*)((byte*)state + Isa.Riscv.RiscvRv64.Instance.RegisterFiles[0].Offset + number * 8);

    [UnmanagedCallersOnly]
    private static int Increment(HartHeader* state)
    {
        Register(state, 10)++;
        return 1;
    }

    [UnmanagedCallersOnly]
    private static int Refuse(HartHeader* state) => 0;

    [UnmanagedCallersOnly]
    private static int Shifted(HartHeader* state)
    {
        Register(state, 10) = 1UL << 4 * (int)Register(state, 17);
        return 1;
    }

    [UnmanagedCallersOnly]
    private static int Compute(HartHeader* state)
    {
        var sum = 0.0;
        for (var i = 1; i < 20; i++)
            sum += Math.Sqrt(i) / 3;
        Register(state, 10) = (ulong)sum;
        return 1;
    }

    [UnmanagedCallersOnly]
    private static long Fill(long first, long* structure)
    {
        (structure[0], structure[1]) = (first + 1, first + 2);
        return first < 0 ? -22 : 0;
    }
}
