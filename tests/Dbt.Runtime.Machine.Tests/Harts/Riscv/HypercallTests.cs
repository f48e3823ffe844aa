using Dbt.Isa.Systems;
using Dbt.Runtime.Machine.Harts.Riscv;
using Dbt.Runtime.Machine.Interrupts;
using Dbt.Runtime.Machine.Sbi.Riscv;
using Dbt.Translator.Hypercalls;

namespace Dbt.Runtime.Machine.Tests.Harts.Riscv;

/// <summary>Calls of S mode that do not leave the engine, on every engine.</summary>
public sealed unsafe class HypercallTests
{
    private const int A0 = 10, A1 = 11, A6 = 16, A7 = 17, S0 = 8, S1 = 9;
    private const ulong Base = 0x10, Turns = 200;
    private const ulong SpecificationVersion = 2 << 24, ImplementationId = 0xDB7;

    public static TheoryData<TestedEngine> Engines => [.. Enum.GetValues<TestedEngine>()];

    [Theory]
    [MemberData(nameof(Engines))]
    public void Constant_answers_need_nobody(TestedEngine engine)
    {
        using var table = PatchedCalls.Create();
        using var machine = new BareMachine(engine);
        var handler = new Handler(_ => { });
        machine.Answer(handler, table);
        Loop(machine, function: 0);
        machine.Run();

        Assert.Equal(Turns * SpecificationVersion, machine.State->X[S1]);
        Assert.Equal(0UL, machine.State->X[A0]);
        Assert.Equal(0, handler.Calls);
        Assert.Equal(engine == TestedEngine.Interpreter ? 0 : 1, table.Sites[HypercallSiteState.Inlined]);
    }

    // Linux has one instruction for all calls: which one it is stands in registers.
    [Theory]
    [MemberData(nameof(Engines))]
    public void One_site_makes_calls_by_extension_and_function(TestedEngine engine)
    {
        using var table = PatchedCalls.Create();
        using var machine = new BareMachine(engine);
        var handler = new Handler(hart => (hart[A0], hart[A1]) = (0, 1));
        machine.Answer(handler, table);
        machine.State->X[S0] = 4 * Turns;
        machine.State->X[A7] = Base;
        // Functions 0 to 3; the last one is answered in C#.
        machine.Emit("andi", ("rd", A6), ("rs1", S0), ("immI", 3));
        machine.Emit("ecall");
        machine.Emit("add", ("rd", S1), ("rs1", S1), ("rs2", A1));
        machine.Emit("addi", ("rd", S0), ("rs1", S0), ("immI", -1));
        machine.Emit("bne", ("rs1", S0), ("immB", -16)).Wfi();
        machine.Run();

        Assert.Equal(Turns * (SpecificationVersion + ImplementationId + 1 + 1), machine.State->X[S1]);
        Assert.Equal((int)Turns, handler.Calls);
    }

    // The same code in another mode: its calls are exceptions.
    [Theory]
    [MemberData(nameof(Engines))]
    public void Calls_of_user_mode_are_exceptions(TestedEngine engine)
    {
        using var table = PatchedCalls.Create();
        using var machine = new BareMachine(engine);
        var handler = new Handler(_ => { });
        machine.Answer(handler, table);
        Loop(machine, function: 0);
        machine.Run();
        machine.State->Privilege = 0;
        machine.State->Header.Pc = BareMachine.Ram;
        machine.Hart.Request(SystemAttention.StateChanged);

        Assert.Equal(8UL, machine.RunToTrap());
        Assert.Equal(BareMachine.Ram + 8, machine.State->Mepc);
        Assert.Equal(0, handler.Calls);
    }

    // Whatever a handler asks for is done in front of the next instruction.
    [Theory]
    [MemberData(nameof(Engines))]
    public void An_interrupt_that_a_handler_raises_is_taken_behind_the_call(TestedEngine engine)
    {
        using var table = PatchedCalls.Create();
        using var machine = new BareMachine(engine);
        var handler = new Handler(_ => { });
        handler.Answer = hart =>
        {
            if (handler.Calls == 100)
                hart.SetPending(InterruptInput.SupervisorSoftware, true);
        };
        machine.Answer(handler, table);
        Loop(machine, function: 3);
        machine.At(BareMachine.Ram + 0x8000).Wfi();
        machine.State->Stvec = BareMachine.Ram + 0x8000;
        machine.State->Mideleg = machine.State->Mie = 2;
        machine.State->Mstatus |= 2;
        machine.Run();

        Assert.Equal(1UL << 63 | 1, machine.State->Scause);
        Assert.Equal(BareMachine.Ram + 12, machine.State->Sepc);
        Assert.Equal(100, handler.Calls);
    }

    // s0 times a function of the Base extension, values summed up in s1.
    private static void Loop(BareMachine machine, int function)
    {
        machine.State->X[S0] = Turns;
        machine.Emit("addi", ("rd", A7), ("immI", (long)Base));
        machine.Emit("addi", ("rd", A6), ("immI", function));
        machine.Emit("ecall");
        machine.Emit("add", ("rd", S1), ("rs1", S1), ("rs2", A1));
        machine.Emit("addi", ("rd", S0), ("rs1", S0), ("immI", -1));
        machine.Emit("bne", ("rs1", S0), ("immB", -20)).Wfi();
    }

    private sealed class Handler(Action<MachineHart> answer) : IHypercallHandler
    {
        public Action<MachineHart> Answer { get; set; } = answer;

        public int Calls { get; private set; }

        public void Call(MachineHart hart)
        {
            Calls++;
            Answer(hart);
        }
    }
}
