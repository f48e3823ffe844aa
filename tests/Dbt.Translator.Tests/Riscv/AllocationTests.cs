using Dbt.Isa;

namespace Dbt.Translator.Tests.Riscv;

/// <summary>Translating allocates for a block what its objects take, and nothing for its instructions.</summary>
public sealed class AllocationTests
{
    private const int Blocks = 400;
    private const int Short = 6;
    private const int Long = 60;

    // Objects for a block and its place in tables: some 350 bytes.
    private const int MostBytesOfBlock = 700;

    // ld a1, 0(a0); lui a2, 0x12345; addi a2, a2, 1; sd a2, 8(a0); xor a3, a3, a1: accesses that can fail, and constants that are pending at them.
    private static readonly uint[] s_instructions = [0x00053583, 0x12345637, 0x00160613, 0x00c53423, 0x00b6c6b3];
    private const uint JumpToNext = 0x0040006f;
    private const uint EnvironmentCall = 0x00000073;

    [Theory]
    [InlineData("interpreter")]
    [InlineData("baseline")]
    public void Instructions_allocate_nothing(string engine)
    {
        AllocatedBy(engine, Long); // what is allocated once in a process
        var few = AllocatedBy(engine, Short);
        var many = AllocatedBy(engine, Long);
        // Pages of guest code have lists.
        Assert.InRange(many - few, 0, Blocks * (Long - Short));
        Assert.InRange(few, 0, Blocks * MostBytesOfBlock);
    }

    // Bytes allocated while blocks of so many instructions are translated and run once.
    private static long AllocatedBy(string engine, int length)
    {
        using var machine = new RiscvMachine(engine);
        var code = new List<uint>();
        for (var i = 1; i <= Blocks * length; i++)
            code.Add(i % length == 0 ? JumpToNext : s_instructions[i % s_instructions.Length]);
        code.Add(EnvironmentCall);
        machine.Write(RiscvMachine.Code, code.ToArray());
        // The engine's own tables and code are there before the first of these blocks.
        var lastBlock = RiscvMachine.Code + (ulong)((Blocks - 1) * length * sizeof(uint));
        Run(machine, lastBlock);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Run(machine, RiscvMachine.Code);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static unsafe void Run(RiscvMachine machine, ulong pc)
    {
        machine.State->Pc = pc;
        machine.Hart["a0"] = RiscvMachine.Data;
        Assert.Equal(ExitReason.EnvironmentCall, machine.Run());
    }
}
