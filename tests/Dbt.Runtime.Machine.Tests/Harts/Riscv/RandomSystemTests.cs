using Dbt.Isa.Riscv;

namespace Dbt.Runtime.Machine.Tests.Harts.Riscv;

/// <summary>
/// Random programs in S mode behind page tables leave the same state on the interpreter and on compiled code: registers, memory, every trap with what M
/// mode's handler reads of it, and the count of instructions.
/// </summary>
public sealed unsafe class RandomSystemTests
{
    private const ulong Ram = BareMachine.Ram, Handler = Ram + 0x8000, Log = Ram + 0x40000, Data = Ram + 0x20000, Leaves = Ram + 0x12000;
    private const ulong V = 1, R = 2, W = 4, X = 8, U = 0x10, A = 0x40, D = 0x80;
    private const int Programs = 60, Length = 1500, Turns = 3, Tail = 20;

    // The program's registers; bases are in 20 to 23, turns are counted in 29, and 30 and 31 are the handler's.
    private const int First = 5, Last = 28, FirstBase = 20, LastBase = 23, Turn = 29, Scratch = 30, LogPointer = 31;

    private static readonly string[] s_binary =
    [
        "add", "sub", "xor", "or", "and", "sll", "srl", "sra", "slt", "sltu", "addw", "subw", "sllw", "mul", "mulhu", "div", "remu", "divw", "sh1add", "max", "czero.eqz",
    ];

    private static readonly string[] s_loads = ["lb", "lbu", "lh", "lhu", "lw", "lwu", "ld"];
    private static readonly string[] s_stores = ["sb", "sh", "sw", "sd"];
    private static readonly string[] s_atomics = ["amoadd.w", "amoadd.d", "amoswap.w", "amoxor.d", "amomaxu.d", "amomin.w", "sc.w", "sc.d"];
    private static readonly string[] s_float = ["fadd.d", "fsub.d", "fmul.d", "fdiv.d"];
    private static readonly string[] s_branches = ["beq", "bne", "blt", "bgeu"];

    [Theory]
    [InlineData(TestedEngine.Counting, 0)]
    [InlineData(TestedEngine.Counting, 2)]
    [InlineData(TestedEngine.Polling, 0)]
    [InlineData(TestedEngine.Polling, 1)]
    public void Programs_end_in_the_same_state(TestedEngine engine, int threshold)
    {
        var traps = 0UL;
        for (var seed = 0; seed < Programs; seed++)
        {
            using var expected = Run(TestedEngine.Interpreter, 0, seed);
            using var actual = Run(engine, threshold, seed);
            Compare(expected, actual, engine, seed);
            traps += expected.State->X[LogPointer] - Log;
        }
        // Or the programs would be too tame.
        Assert.True(traps > 24 * Programs);
    }

    private static void Compare(BareMachine expected, BareMachine actual, TestedEngine engine, int seed)
    {
        RiscvState* a = expected.State, b = actual.State;
        var program = $"program {seed}";
        for (var entry = Log; entry < a->X[LogPointer]; entry += 24)
            Assert.True(Trap(expected, entry) == Trap(actual, entry), $"{program}: trap {Trap(actual, entry)}, should be {Trap(expected, entry)}");
        for (var register = 0; register < 32; register++)
        {
            Assert.True(a->X[register] == b->X[register], $"{program}: x{register} is 0x{b->X[register]:x}, should be 0x{a->X[register]:x}");
            Assert.True(a->F[register] == b->F[register], $"{program}: f{register} is 0x{b->F[register]:x}, should be 0x{a->F[register]:x}");
        }
        Assert.Equal((program, a->Header.Pc, a->Mstatus, a->Sscratch, a->Header.FpFlags), (program, b->Header.Pc, b->Mstatus, b->Sscratch, b->Header.FpFlags));
        Assert.True(expected.Hart.ReadPhysical(Data, 0x5000).SequenceEqual(actual.Hart.ReadPhysical(Data, 0x5000)), $"{program}: memory differs");
        if (engine == TestedEngine.Counting)
            Assert.Equal((program, a->Header.RetiredBase - a->Header.Budget), (program, b->Header.RetiredBase - b->Header.Budget));
    }

    private static (ulong Cause, ulong Pc, ulong Value) Trap(BareMachine machine, ulong entry) =>
        (machine.Load(entry), machine.Load(entry + 8), machine.Load(entry + 16));

    private static BareMachine Run(TestedEngine engine, int threshold, int seed)
    {
        var machine = new BareMachine(engine, threshold);
        var random = new Random(seed);
        PagedTests.SetUp(machine);
        // Two pages for the program, and of data: two that may be stored to, one read-only, none, one of U mode.
        foreach (var (page, physical, bits) in new (int, ulong, ulong)[]
        {
            (1, Ram + 0x1000, V | R | X | A), (2, Ram + 0x2000, V | R | X | A), (5, Data, V | R | W | A | D), (6, Data + 0x2000, V | R | W | A | D),
            (7, Data + 0x1000, V | R | A), (8, 0, 0), (9, Data + 0x3000, V | R | W | U | A | D),
        })
            PagedTests.Map(machine, page, physical, bits);
        for (ulong place = 0; place < 0x4000; place += 8)
            machine.Store(Data + place, (ulong)random.NextInt64());
        WriteHandler(machine);
        for (var register = First; register <= Last; register++)
            machine.State->X[register] = random.Next(3) == 0 ? (ulong)random.Next(-100, 100) : (ulong)random.NextInt64();
        for (var register = 0; register < 32; register++)
            machine.State->F[register] = random.Next(2) == 0 ? (ulong)BitConverter.DoubleToInt64Bits(random.NextDouble()) : (ulong)random.NextInt64();
        machine.State->X[Turn] = Turns;
        machine.State->X[LogPointer] = Log;
        machine.State->Mstatus |= RiscvMstatus.FS;
        machine.State->Mtvec = Handler;
        machine.At(Ram + 0x1000);
        for (var i = 0; i < Length; i++)
            Emit(machine, random, Length - i + Tail / 2);
        for (var i = 0; i < Tail; i++)
            machine.Emit("addi");
        machine.Emit("addi", ("rd", Turn), ("rs1", Turn), ("immI", -1))
            .Emit("beq", ("rs1", Turn), ("rs2", 0), ("immB", 8))
            .Emit("jal", ("immJ", -4 * (Length + Tail + 2)))
            .Wfi();
        machine.Run();
        return machine;
    }

    // Writes down what it is told, and goes on behind the instruction.
    private static void WriteHandler(BareMachine machine)
    {
        machine.At(Handler);
        foreach (var (csr, place) in new[] { ("mcause", 0), ("mtval", 16), ("mepc", 8) })
            machine.Emit("csrrs", ("rd", Scratch), ("csr", BareMachine.Number(csr))).Emit("sd", ("rs1", LogPointer), ("rs2", Scratch), ("immS", place));
        machine.Emit("addi", ("rd", LogPointer), ("rs1", LogPointer), ("immI", 24))
            .Emit("addi", ("rd", Scratch), ("rs1", Scratch), ("immI", 4))
            .Csr("mepc", Scratch)
            .Emit("mret");
    }

    private static void Emit(BareMachine machine, Random random, int ahead)
    {
        switch (random.Next(26))
        {
            case < 6:
                machine.Emit(Of(random, s_binary), ("rd", Any()), ("rs1", Any()), ("rs2", Any()));
                break;
            case < 8:
                machine.Emit("addi", ("rd", Any()), ("rs1", Any()), ("immI", random.Next(-2048, 2048)));
                break;
            case 8:
                machine.Emit("lui", ("rd", Any()), ("immU", random.Next(-1000, 1000) << 12));
                break;
            case < 11:
                // A base: a page of data, or the next one, and somewhere near its start or end.
                machine.Emit("lui", ("rd", Base()), ("immU", random.Next(5, 10) << 12));
                break;
            case 11:
                var moved = Base();
                machine.Emit("addi", ("rd", moved), ("rs1", moved), ("immI", random.Next(-8, 9) * random.Next(1, 3)));
                break;
            case < 15:
                machine.Emit(Of(random, s_loads), ("rd", Any()), ("rs1", Base()), ("immI", Distance()));
                break;
            case < 18:
                machine.Emit(Of(random, s_stores), ("rs1", Base()), ("rs2", Any()), ("immS", Distance()));
                break;
            case 18:
                machine.Emit(Of(random, s_atomics), ("rd", Any()), ("rs1", Base()), ("rs2", Any()));
                break;
            case 19:
                machine.Emit(random.Next(2) == 0 ? "lr.w" : "lr.d", ("rd", Any()), ("rs1", Base()));
                break;
            case 20:
                // mstatus.SUM, or the lowest bit of FS.
                var bit = Any();
                machine.Emit("lui", ("rd", bit), ("immU", random.Next(3) > 0 ? 1 << 18 : 1 << 13))
                    .Emit(random.Next(2) == 0 ? "csrrs" : "csrrc", ("rd", Any()), ("csr", BareMachine.Number("sstatus")), ("rs1", bit));
                return;
            case 21:
                machine.Emit("csrrw", ("rd", Any()), ("csr", BareMachine.Number("sscratch")), ("rs1", Any()));
                break;
            case 22:
                machine.Emit(Of(random, s_float), ("fd", random.Next(32)), ("fs1", random.Next(32)), ("fs2", random.Next(32)));
                break;
            case 23:
                if (random.Next(2) == 0)
                    machine.Emit("fld", ("fd", random.Next(32)), ("rs1", Base()), ("immI", Distance()));
                else
                    machine.Emit("fsd", ("rs1", Base()), ("fs2", random.Next(32)), ("immS", Distance()));
                break;
            case 24:
                machine.Emit(Of(random, s_branches), ("rs1", Any()), ("rs2", Any()), ("immB", 4 * random.Next(1, Math.Min(16, ahead))));
                break;
            default:
                switch (random.Next(8))
                {
                    case 0:
                        machine.Emit("ecall");
                        break;
                    case 1:
                        machine.Emit("sfence.vma", ("rs1", random.Next(2) * Base()));
                        break;
                    case 2:
                        machine.Put(0xFFFF_FFFF);
                        break;
                    case 3:
                        machine.Emit("fence.i");
                        break;
                    case 4:
                        machine.Emit("csrrs", ("rd", Any()), ("csr", BareMachine.Number("mepc")));
                        break;
                    default:
                        machine.Emit("jal", ("rd", Any()), ("immJ", 4 * random.Next(1, Math.Min(12, ahead))));
                        break;
                }
                break;
        }

        int Any() => random.Next(First, FirstBase);
        int Base() => random.Next(FirstBase, LastBase + 1);
        int Distance() => random.Next(3) == 0 ? random.Next(-2048, 2048) : random.Next(-6, 5) * random.Next(1, 5);
    }

    private static string Of(Random random, string[] mnemonics) => mnemonics[random.Next(mnemonics.Length)];
}
