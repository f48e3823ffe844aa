using Dbt.Isa;

namespace Dbt.Translator.Tests.Riscv;

/// <summary>
/// Random loops that are one block of the baseline compiler, which exchanges registers and checks bases in front of them: pointers that walk
/// out of mapped pages, out of the guest's window at both ends, or begin outside; more registers than the host has; exits in the middle. Cut by
/// random budgets, they agree with the interpreter.
/// </summary>
public sealed unsafe class LoopTests
{
    private const ulong WindowEnd = 1 << 30;
    private const ulong PageBytes = 0x1000;
    private const int Loops = 400;

    // In a host register and not.
    private static readonly uint[] s_pointers = [10, 18, 28, 16];
    private static readonly int[] s_strides = [1, 2, 8, -8, 24, 2040, -2048];
    // beq, bne and bltu over one to four instructions.
    private static readonly uint[] s_skips = [0x0463, 0x1463, 0x1663, 0x1863, 0x6463, 0x6663, 0x6a63];
    private static readonly uint[] s_loads = [0x0003, 0x1003, 0x2003, 0x3003, 0x4003, 0x5003, 0x6003];
    private static readonly uint[] s_stores = [0x0023, 0x1023, 0x2023, 0x3023];
    private static readonly uint[] s_sums = [0x00000033, 0x40000033, 0x00004033, 0x0000003b, 0x4000003b, 0x02000033, 0x0000103b, 0x0000501b, 0x00003033, 0x02004033];

    // Loops that do not end are left out.
    [Theory]
    [InlineData("uncounted", 3)]
    [InlineData("polls", 4)]
    public void A_loop_that_does_not_count_agrees_with_the_interpreter(string engine, int seed)
    {
        var ends = 0;
        for (var loop = 0; loop < Loops; loop++)
        {
            var random = new Random(seed * 100_000 + loop);
            var code = Loop(random);
            var registers = Registers(random);
            using var expected = Machine("interpreter", code, registers);
            using var actual = Machine(engine, code, registers);
            var reason = expected.Run(10_000);
            if (reason == ExitReason.Budget)
                continue;
            ends++;
            AssertSame(expected, actual, reason == actual.Run(), reason, $"loop {loop} of seed {seed}");
            Assert.True(expected.MemoryOf(RiscvMachine.Data, RiscvMachine.DataSize).SequenceEqual(actual.MemoryOf(RiscvMachine.Data, RiscvMachine.DataSize)));
        }
        Assert.InRange(ends, Loops / 4, Loops);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_loop_agrees_with_the_interpreter(int seed)
    {
        for (var loop = 0; loop < Loops; loop++)
        {
            var random = new Random(seed * 100_000 + loop);
            var code = Loop(random);
            var registers = Registers(random);
            using var expected = Machine("interpreter", code, registers);
            using var actual = Machine("baseline", code, registers);
            for (var run = 0; run < 6; run++)
            {
                var budget = random.Next(1, run < 3 ? 20 : 3000);
                var reason = expected.Run(budget);
                var what = $"loop {loop} of seed {seed}, run {run}";
                AssertSame(expected, actual, reason == actual.Run(budget), reason, what);
                Assert.True(expected.Retired == actual.Retired, what);
                if (reason != ExitReason.Budget)
                    break;
            }
            Assert.True(expected.MemoryOf(RiscvMachine.Data, RiscvMachine.DataSize).SequenceEqual(actual.MemoryOf(RiscvMachine.Data, RiscvMachine.DataSize)));
        }
    }

    private static void AssertSame(RiscvMachine expected, RiscvMachine actual, bool sameReason, ExitReason reason, string what)
    {
        Assert.True(sameReason, what);
        Assert.True(expected.State->Pc == actual.State->Pc, what);
        for (var i = 0; i < 32; i++)
            Assert.True(expected.Hart.GetRegister(0, i) == actual.Hart.GetRegister(0, i), $"{what}: x{i}");
        if (reason == ExitReason.Budget)
            return;
        Assert.True(expected.State->FaultAddress == actual.State->FaultAddress, what);
        Assert.True(expected.State->FaultAccess == actual.State->FaultAccess, what);
    }

    private static RiscvMachine Machine(string engine, uint[] code, ulong[] registers)
    {
        var machine = new RiscvMachine(engine);
        machine.Memory.Map(WindowEnd - PageBytes, PageBytes, Runtime.Memory.MemoryProtection.ReadWrite, Runtime.Memory.MapFlags.Fixed, out _);
        machine.Write(RiscvMachine.Code, code);
        for (var i = 1; i < 32; i++)
            machine.Hart.SetRegister(0, i, registers[i]);
        return machine;
    }

    private static ulong[] Registers(Random random)
    {
        var registers = new ulong[32];
        for (var i = 0; i < 32; i++)
            registers[i] = (ulong)random.NextInt64() >> random.Next(64);
        foreach (var pointer in s_pointers)
            registers[pointer] = random.Next(8) switch
            {
                0 => WindowEnd - 64,
                1 => unchecked((ulong)-64),
                2 => 1UL << 45,
                _ => RiscvMachine.Data + RiscvMachine.DataSize / 2 + (ulong)random.Next(512),
            };
        return registers;
    }

    // x31 counts down.
    private static uint[] Loop(Random random)
    {
        var code = new List<uint>();
        for (var rest = random.Next(2, 16); rest > 0; rest--)
            code.Add(random.Next(10) switch
            {
                < 3 => s_loads[random.Next(s_loads.Length)] | Other(random) << 7 | Pointer(random) << 15 | Distance(random) << 20,
                < 5 => Store(s_stores[random.Next(s_stores.Length)] | Pointer(random) << 15 | Other(random) << 20, Distance(random)),
                < 7 => Move(Pointer(random), s_strides[random.Next(s_strides.Length)]),
                7 => s_skips[random.Next(s_skips.Length)] | Other(random) << 15 | Other(random) << 20,
                _ => s_sums[random.Next(s_sums.Length)] | Other(random) << 7 | Other(random) << 15 | Other(random) << 20,
            });
        code.Add(Move(31, -1));
        code.Add(0x00001063 | 31 << 15 | Branch(-4 * code.Count)); // bne x31, x0
        code.Add(0x00000073);
        return [.. code];
    }

    private static uint Pointer(Random random) => s_pointers[random.Next(s_pointers.Length)];

    // Seldom a pointer: those are to walk.
    private static uint Other(Random random) => random.Next(20) == 0 ? Pointer(random) : (uint)(random.Next(3) == 0 ? random.Next(5, 8) : random.Next(11, 16));

    private static uint Distance(Random random) => (uint)random.Next(5) switch
    {
        0 => 0x7F8,
        1 => 0xFF8, // -8
        _ => (uint)random.Next(8),
    };

    private static uint Store(uint bits, uint distance) => bits | (distance & 31) << 7 | distance >> 5 << 25;

    private static uint Move(uint register, int by) => 0x13 | register << 7 | register << 15 | (uint)by << 20;

    private static uint Branch(int distance)
    {
        var d = (uint)distance;
        return (d >> 12 & 1) << 31 | (d >> 5 & 63) << 25 | (d >> 1 & 15) << 8 | (d >> 11 & 1) << 7;
    }
}
