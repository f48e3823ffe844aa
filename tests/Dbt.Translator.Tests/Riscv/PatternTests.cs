using Dbt.Isa;
using Dbt.Isa.Riscv;
using Dbt.Translator.Engines;

namespace Dbt.Translator.Tests.Riscv;

/// <summary>What the baseline compiler leaves to the interpreter, operation by operation.</summary>
public sealed class PatternTests
{
    private const int Tries = 24;
    private const ulong Middle = RiscvMachine.Data + RiscvMachine.DataSize / 2;

    [Theory]
    [InlineData("baseline", "rv64", "ebreak ecall fence.i")]
    [InlineData("baseline", "rv32", "ebreak ecall fence.i")]
    [InlineData("baseline-v3", "rv64", "ebreak ecall fence.i")]
    // Without popcnt and pclmulqdq.
    [InlineData("baseline-v1", "rv64", "clmul clmulh clmulr cpop cpopw ebreak ecall fence.i")]
    public void Only_these_operations_and_system_registers_are_interpreted(string engine, string variant, string expected)
    {
        GuestIsa isa = variant == "rv64" ? RiscvRv64.Instance : RiscvRv32.Instance;
        using var machine = new RiscvMachine(engine, isa, EngineOptions.Default with { CompileThreshold = 0, MaximumBlockLength = 1 });
        var programs = new RandomPrograms(isa, 1);
        var interpreted = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var operation in programs.Operations)
        {
            var info = isa.Operations[operation]!;
            // Floating-point instructions are interpreted when their operands are unusual.
            if (info.Traits.HasFlag(OperationTraits.System) || info.Operands.Any(operand => operand.Kind is "f" or "rounding"))
                continue;
            for (var i = 0; i < Tries; i++)
                if (IsInterpreted(machine, programs, operation, out var instruction))
                    interpreted[isa.Operations[isa.Expand(instruction).Operation]!.Mnemonic] = isa.Disassemble(instruction, RiscvMachine.Code);
        }
        Assert.True(expected == string.Join(' ', interpreted.Keys), $"not only {expected}: {string.Join("; ", interpreted.Values)}");
    }

    private static unsafe bool IsInterpreted(RiscvMachine machine, RandomPrograms programs, int operation, out Instruction instruction)
    {
        uint bits;
        while (!programs.TryNext(operation, out bits, out _))
        {
        }
        Assert.True(machine.Isa.TryDecode(bits, machine.Isa.DefaultExtensions, out instruction));
        machine.Write(RiscvMachine.Code, bits);
        machine.Engine.Invalidate(RiscvMachine.Code, sizeof(uint));
        for (var register = 1; register < 32; register++)
            machine.Hart.SetRegister(0, register, Middle);
        machine.State->Pc = RiscvMachine.Code;
        var before = machine.Engine.Statistics.InterpretedInstructions;
        machine.Run(1);
        // What has no business with memory may be told an address that is not mapped, by x0: that is another matter.
        return machine.State->Exit != ExitReason.MemoryFault && machine.Engine.Statistics.InterpretedInstructions != before;
    }
}
