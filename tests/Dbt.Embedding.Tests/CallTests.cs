namespace Dbt.Embedding.Tests;

public class CallTests
{
    public static TheoryData<EngineKind> Engines => [EngineKind.Automatic, EngineKind.Interpreter, EngineKind.Compiler];

    [Theory]
    [MemberData(nameof(Engines))]
    public void Functions_return_what_they_compute(EngineKind engine)
    {
        using var machine = Create(engine);
        Assert.Equal(42UL, machine.Call("nothing"));
        Assert.Equal(5UL, machine.Call("add", 2, 3));
        Assert.Equal(204UL, machine.Call("sum8", 1, 2, 3, 4, 5, 6, 7, 8));
        Assert.Equal(6765UL, machine.Call("fib", 20));
        Assert.Equal(41UL, machine.Call("count"));
        Assert.Equal(42UL, machine.Call("count"));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Many_calls_agree(EngineKind engine)
    {
        using var machine = Create(engine);
        var (add, fib) = (machine.GetFunction("add"), machine.GetFunction("fib"));
        for (var i = 0UL; i < 2000; i++)
        {
            Assert.Equal(i + 7, add.Invoke(i, 7));
            Assert.Equal(i % 2 == 0 ? 55UL : 8UL, fib.Invoke(i % 2 == 0 ? 10UL : 6));
        }
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void A_budget_ends_a_call_and_the_machine_goes_on(EngineKind engine)
    {
        using var machine = Create(engine, 100_000);
        for (var i = 0; i < 3; i++)
        {
            var error = Assert.Throws<GuestException>(() => machine.Call("spin"));
            Assert.Equal(HartExitReason.Budget, error.Exit.Reason);
            Assert.Equal(55UL, machine.Call("fib", 10));
        }
        Assert.InRange(machine.Harts[0].Instructions, 300_000, 310_000);
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void A_call_can_be_stopped(EngineKind engine)
    {
        using var machine = Create(engine);
        var spin = machine.GetFunction("spin");
        for (var i = 0; i < 3; i++)
        {
            using var timer = new Timer(_ => machine.Harts[0].Stop(), null, 20, Timeout.Infinite);
            var error = Assert.Throws<GuestException>(() => spin.Invoke());
            Assert.Equal(HartExitReason.Stopped, error.Exit.Reason);
        }
        Assert.Equal(3UL, machine.Call("add", 1, 2));
    }

    [Theory]
    [MemberData(nameof(Engines))]
    public void Mistakes_of_a_function_are_exceptions_and_the_machine_goes_on(EngineKind engine)
    {
        using var machine = Create(engine);
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(FaultKind.IllegalInstruction, Assert.Throws<GuestException>(() => machine.Call("illegal")).Exit.Fault);
            Assert.Equal(HartExitReason.Debug, Assert.Throws<GuestException>(() => machine.Call("stop")).Exit.Reason);
            Assert.Equal(HartExitReason.Mmio, Assert.Throws<GuestException>(() => machine.Call("load", 8)).Exit.Reason);
            Assert.Equal(MemoryAccess.Write, Assert.Throws<GuestException>(() => machine.Call("store", machine.GetFunction("add").Address, 1)).Exit.Access);
            Assert.Equal(HartExitReason.Hypercall, Assert.Throws<GuestException>(() => machine.Call("ask", 1)).Exit.Reason);
            Assert.Equal(3UL, machine.Call("add", 1, 2));
        }
        var overflow = Assert.Throws<GuestException>(() => machine.Call("deep"));
        Assert.Equal(HartExitReason.Mmio, overflow.Exit.Reason);
        Assert.Equal(3UL, machine.Call("add", 1, 2));
    }

    [Fact]
    public void A_hart_may_change_its_thread()
    {
        using var machine = Create(EngineKind.Automatic);
        var function = machine.GetFunction("fib");
        for (var i = 0; i < 50; i++)
        {
            ulong result = 0;
            var thread = new Thread(() =>
            {
                for (var call = 0; call < 50; call++)
                    result += function.Invoke(5);
                Assert.Throws<GuestException>(() => machine.Call("load", 8));
            });
            thread.Start();
            thread.Join();
            Assert.Equal(250UL, result);
            if (i % 10 == 0)
                GC.Collect();
        }
    }

    [Fact]
    public void Code_is_dropped_under_calls()
    {
        using var machine = Create(EngineKind.Compiler);
        var text = machine.GetFunction("fib").Address & ~0xFFFUL;
        var caller = machine.CreateHart();
        var fib = machine.GetFunction("fib", caller);
        var over = false;
        var thread = new Thread(() =>
        {
            while (!Volatile.Read(ref over))
                machine.Engine.Invalidate(text, 0x1000);
        });
        thread.Start();
        for (var i = 0; i < 3000; i++)
            Assert.Equal(55UL, fib.Invoke(10));
        Volatile.Write(ref over, true);
        thread.Join();
    }

    [Fact]
    public void Machines_and_harts_run_side_by_side()
    {
        using var shared = Create(EngineKind.Automatic);
        var harts = Enumerable.Range(0, 3).Select(_ => shared.GetFunction("fib", shared.CreateHart())).ToArray();
        var threads = Enumerable.Range(0, 6).Select(number => new Thread(() =>
        {
            if (number < harts.Length)
            {
                for (var i = 0; i < 300; i++)
                    Assert.Equal(610UL, harts[number].Invoke(15));
                return;
            }
            for (var i = 0; i < 10; i++)
            {
                using var own = Create(EngineKind.Automatic);
                Assert.Equal(610UL, own.Call("fib", 15));
            }
        })).ToArray();
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
    }

    [Fact]
    public void Hundreds_of_machines_live_in_a_process()
    {
        var machines = Enumerable.Range(0, 200).Select(_ => Create(EngineKind.Compiler)).ToArray();
        foreach (var machine in machines)
            Assert.Equal(55UL, machine.Call("fib", 10));
        foreach (var machine in machines)
            machine.Dispose();
    }

    [Fact]
    public void Misuse_is_told()
    {
        var machine = Create(EngineKind.Automatic);
        var function = machine.GetFunction("fib");
        Assert.Throws<ArgumentException>(() => machine.Call("no such function"));
        Assert.Throws<ArgumentException>(() => function.Invoke(1, 2, 3, 4, 5, 6, 7, 8, 9));
        machine.Hypercall = hart => function.Invoke(1);
        Assert.Throws<InvalidOperationException>(() => machine.Call("ask", 1));
        machine.Hypercall = null;
        Assert.Equal(1UL, function.Invoke(1));
        machine.Dispose();
        machine.Dispose();
        Assert.Throws<ObjectDisposedException>(() => function.Invoke(1));
        Assert.Throws<ObjectDisposedException>(() => machine.CreateHart());
        Assert.Throws<GuestImageException>(() => new VirtualMachine().Load("/no/such/file"));
        Assert.Throws<GuestImageException>(() => new VirtualMachine().Load(new byte[100]));
        Assert.Throws<ArgumentException>(() => new VirtualMachine(new VirtualMachineOptions { Guest = "pdp11" }));
        Assert.Throws<ArgumentException>(() => new VirtualMachine(new VirtualMachineOptions { Isa = "rv64nonsense" }));
    }

    private static VirtualMachine Create(EngineKind engine, long budget = long.MaxValue)
    {
        var machine = new VirtualMachine(new VirtualMachineOptions { Engine = engine, CallBudget = budget, StackBytes = 64 << 10 });
        machine.Load(TestGuests.Functions);
        return machine;
    }
}
