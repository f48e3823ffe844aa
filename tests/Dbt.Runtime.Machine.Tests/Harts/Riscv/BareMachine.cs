using Dbt.Isa;
using Dbt.Isa.Riscv;
using Dbt.Runtime.Machine.Bus;
using Dbt.Runtime.Machine.Harts.Riscv;
using Dbt.Runtime.Machine.Timers;
using Dbt.Translator.Hypercalls;
using Dbt.Translator.Semantics;
using Dbt.Translator.Systems;

namespace Dbt.Runtime.Machine.Tests.Harts.Riscv;

/// <summary>
/// A hart with RAM and nothing else, and programs for it that are assembled here. A program ends with <c>wfi</c>. A class of tests is abstract
/// and has a derived one for each <see cref="TestedEngine"/>.
/// </summary>
internal sealed unsafe class BareMachine : IDisposable
{
    public const ulong Ram = PhysicalMemory.DefaultRamStart;

    private readonly MachineClock _clock = new();
    private readonly SystemEngine _engine;
    private readonly long _budget;
    private ulong _next = Ram;

    public BareMachine(TestedEngine engine = TestedEngine.Interpreter, int threshold = 0)
    {
        // Code that counts nothing is what runs without a budget.
        _budget = engine == TestedEngine.Polling ? long.MaxValue : 100_000;
        _engine = engine == TestedEngine.Interpreter
            ? new SystemInterpreter(RiscvRv64.Instance)
            : new SystemBaseline(GuestLifters.For(RiscvRv64.Instance), new() { CompileThreshold = threshold, CountsInstructions = engine == TestedEngine.Counting });
        Hart = new MachineHart(0, RiscvRv64.Instance.SystemExtensions, Memory, _engine, _clock) { HasCode = _engine.HasCode };
        Hart.State->Header.Pc = Ram;
        // Everything is allowed to all modes.
        Hart.State->Pmpcfg0 = 0x1F;
        Hart.State->Pmpaddr0 = (1UL << 54) - 1;
    }

    /// <summary>Puts the hart into S mode, whose calls somebody answers, and those of a table do not leave the engine.</summary>
    public void Answer(IHypercallHandler handler, HypercallTable table)
    {
        Hart.Hypercalls = handler;
        State->Privilege = 1;
        _engine.UseHypercalls(table);
    }

    public PhysicalMemory Memory { get; } = new(1 << 20);

    public MachineHart Hart { get; }

    public RiscvState* State => Hart.State;

    /// <summary>Where the next instruction goes.</summary>
    public BareMachine At(ulong address)
    {
        _next = address;
        return this;
    }

    /// <summary>Assembles an instruction; fields that are not named are 0.</summary>
    public BareMachine Emit(string mnemonic, params (string Field, long Value)[] operands)
    {
        Put(Encode(mnemonic, operands));
        return this;
    }

    /// <summary>Puts bits where the next instruction goes.</summary>
    public BareMachine Put(uint bits)
    {
        Assert.True(Memory.TryStore(_next, 4, bits));
        _next += 4;
        return this;
    }

    /// <summary>Loads a constant of 32 bits, zero-extended.</summary>
    public BareMachine Constant(int register, ulong value)
    {
        Emit("lui", ("rd", register), ("immU", (int)((uint)value + 0x800 & ~0xFFFu)));
        Emit("addiw", ("rd", register), ("rs1", register), ("immI", (long)(value << 52) >> 52));
        Emit("slli", ("rd", register), ("rs1", register), ("shamt", 32));
        return Emit("srli", ("rd", register), ("rs1", register), ("shamt", 32));
    }

    public BareMachine Csr(string name, int source) => Emit("csrrw", ("csr", Number(name)), ("rs1", source));

    public BareMachine Wfi() => Emit("wfi");

    public static uint Encode(string mnemonic, params (string Field, long Value)[] operands)
    {
        var isa = RiscvRv64.Instance;
        var number = Enumerable.Range(0, isa.Operations.Count).First(index => isa.Operations[index]?.Mnemonic == mnemonic);
        var info = isa.Operations[number]!;
        var instruction = new Instruction { Operation = (ushort)number, Length = (byte)info.Length };
        foreach (var (field, value) in operands)
            instruction[info.Operands.First(operand => operand.Field == field).Slot] = value;
        Assert.True(isa.TryEncode(instruction, out var bits), mnemonic);
        return bits;
    }

    public static int Number(string csr) => RiscvRv64.Instance.Csrs.First(info => info.Name == csr).Number;

    /// <summary>Runs until the program waits.</summary>
    public void Run()
    {
        var reason = _engine.Run(Hart.Hart, _budget);
        Assert.True(reason == ExitReason.WaitForInterrupt, $"{reason} at 0x{State->Header.Pc:x}, mcause {State->Mcause}, mepc 0x{State->Mepc:x}");
    }

    /// <summary>Runs without a budget's end, until the program waits or somebody stops it.</summary>
    public ExitReason RunForEver() => _engine.Run(Hart.Hart, _budget == long.MaxValue ? long.MaxValue : long.MaxValue / 2);

    /// <summary>Runs from M mode's handler at <paramref name="handler"/>, which waits, and gives the cause of the trap.</summary>
    public ulong RunToTrap(ulong handler = Ram + 0x8000)
    {
        At(handler).Wfi();
        State->Mtvec = handler;
        Run();
        return State->Mcause;
    }

    public ulong Load(ulong address)
    {
        Assert.True(Memory.TryLoad(address, 8, out var value));
        return value;
    }

    public void Store(ulong address, ulong value) => Assert.True(Memory.TryStore(address, 8, value));

    public void Dispose()
    {
        Hart.Dispose();
        _engine.Dispose();
        _clock.Dispose();
        Memory.Dispose();
    }
}
