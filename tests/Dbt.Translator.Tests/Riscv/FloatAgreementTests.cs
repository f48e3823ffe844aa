using Dbt.Isa;
using Dbt.Isa.FloatingPoint;
using Dbt.Isa.Riscv;

namespace Dbt.Translator.Tests.Riscv;

/// <summary>
/// Every floating-point operation on special values, in all rounding modes, with flags set before and without: the baseline compiler
/// and the interpreter leave the same registers and flags.
/// </summary>
public sealed unsafe class FloatAgreementTests
{
    private const uint EnvironmentCall = 0x73;
    private const int DynamicMode = 7;

    private static readonly ulong[] s_doubles =
    [
        0, 1UL << 63, 1, 0x800fffffffffffff, 0x0010000000000000, 0x7fefffffffffffff, 0xffefffffffffffff, 0x7ff0000000000000, 0xfff0000000000000,
        0x7ff8000000000000, 0xfff8000000000123, 0x7ff0000000000001, 0x3ff0000000000000, 0xbff0000000000000, 0x3ff0000000000001,
        0x3fd5555555555555, 0x4004000000000000, 0xc1e0000000100000, 0x41dfffffffe00000, 0x41efffffffe00000, 0x43dfffffffffffff,
        0x43f0000000000000, 0xc3e0000000000000, 0xbfe0000000000000, 0x36a0000000000000, 0x47efffffe0000001, 0x380fffffffffffff,
    ];

    private static readonly ulong[] s_singles =
    [
        Boxed(0), Boxed(0x80000000), Boxed(1), Boxed(0x807fffff), Boxed(0x00800000), Boxed(0x7f7fffff), Boxed(0xff7fffff), Boxed(0x7f800000),
        Boxed(0xff800000), Boxed(0x7fc00000), Boxed(0xffc00123), Boxed(0x7f800001), Boxed(0x3f800000), Boxed(0xbf800000), Boxed(0x3f800001),
        Boxed(0x3eaaaaab), Boxed(0x40200000), Boxed(0xcf000000), Boxed(0x4effffff), Boxed(0x4f7fffff), Boxed(0x5effffff), Boxed(0x5f800000),
        0x3f800000, 0xffffffff_ffffffff, 0x3ff0000000000000, 0xfffffffe_3f800000,
    ];

    private static readonly ulong[] s_integers =
        [0, 1, ulong.MaxValue, int.MaxValue, 1UL << 31, long.MaxValue, 1UL << 63, 0x0020000000000001, 0xffdfffffffffffff, 0x01000001, 0x8000000000000401];

    // Registers for the result and three sources: in host registers, in memory, mixed, and the result where a source is.
    private static readonly byte[][] s_registers =
        [[10, 11, 12, 13], [28, 29, 30, 31], [11, 28, 12, 29], [10, 10, 12, 13], [10, 11, 10, 13], [10, 11, 12, 10], [29, 11, 11, 11], [29, 30, 11, 29]];

    public static TheoryData<string, string> Machines => new()
    {
        { "baseline", "rv64" }, { "baseline", "rv32" }, { "baseline-v1", "rv64" }, { "baseline-v2", "rv64" }, { "baseline-v3", "rv64" },
    };

    [Theory]
    [MemberData(nameof(Machines))]
    public void Special_values_give_the_same_in_all_rounding_modes(string engine, string variant)
    {
        GuestIsa isa = variant == "rv64" ? RiscvRv64.Instance : RiscvRv32.Instance;
        using var interpreted = new RiscvMachine("interpreter", isa);
        using var compiled = new RiscvMachine(engine, isa);
        var random = new Random(20);
        var at = RiscvMachine.Code;
        foreach (var (instruction, name) in Instructions(isa))
        {
            Assert.True(isa.TryEncode(instruction, out var bits), name);
            foreach (var machine in new[] { interpreted, compiled })
                machine.Write(at, bits, EnvironmentCall);
            for (var run = 0; run < 100; run++)
            {
                var singles = random.Next(8) == 0 ? !name.Contains(".s", StringComparison.Ordinal) : name.Contains(".s", StringComparison.Ordinal);
                var rounding = random.Next(3) == 0 ? (uint)random.Next(8) : 0;
                var flags = random.Next(3) == 0 ? (uint)random.Next(32) : 0;
                Prepare(interpreted, compiled, random, singles);
                foreach (var machine in new[] { interpreted, compiled })
                {
                    machine.State->Pc = at;
                    machine.State->FpRounding = rounding;
                    machine.State->FpFlags = flags;
                }
                var before = Describe(interpreted);
                var reason = interpreted.Run();
                Assert.True(
                    reason == compiled.Run() && Describe(interpreted) == Describe(compiled),
                    $"{isa.Disassemble(instruction, at)}, mode {rounding}, flags {flags:x}, {before}: {Describe(interpreted)}, compiled {Describe(compiled)}");
            }
            at += 8;
        }
        Assert.InRange(compiled.Engine.Statistics.InterpretedInstructions, 1, (long)(compiled.Engine.Statistics.Instructions * 0.9));
    }

    private static ulong Boxed(uint bits) => 0xffffffff_00000000 | bits;

    // Each operation with each rounding mode and each choice of registers.
    private static IEnumerable<(Instruction Instruction, string Name)> Instructions(GuestIsa isa)
    {
        for (var number = 0; number < isa.Operations.Count; number++)
        {
            var info = isa.Operations[number];
            const OperationTraits NotHere = OperationTraits.Loads | OperationTraits.Stores | OperationTraits.Compressed;
            if (info == null || !isa.DefaultExtensions.Contains(info.ExtensionIndex) || (info.Traits & NotHere) != 0 || info.Operands.All(operand => operand.Kind != "f"))
                continue;
            var modes = info.Operands.Any(operand => operand.Kind == "rounding") ? new[] { DynamicMode, 0, 1, 2, 3, 4 } : [0];
            foreach (var mode in modes)
            {
                foreach (var registers in s_registers)
                {
                    var instruction = new Instruction { Operation = (ushort)number, Length = (byte)info.Length };
                    foreach (var operand in info.Operands)
                        instruction[operand.Slot] = operand.Kind == "rounding" ? mode : registers[Position(operand.Field)];
                    yield return (instruction, info.Mnemonic);
                }
            }
        }
    }

    // rd, fd; rs1, fs1; and so on.
    private static int Position(string operand) => operand.IndexOfAny(['1', '2', '3']) is var digit and >= 0 ? operand[digit] - '0' : 0;

    private static void Prepare(RiscvMachine first, RiscvMachine second, Random random, bool singles)
    {
        foreach (var registers in new[] { 10, 11, 12, 13, 28, 29, 30, 31 })
        {
            var values = singles ? s_singles : s_doubles;
            var value = values[random.Next(values.Length)];
            var integer = s_integers[random.Next(s_integers.Length)];
            foreach (var machine in new[] { first, second })
            {
                machine.Hart.SetRegister(1, registers, value);
                machine.Hart.SetRegister(0, registers, machine.Isa.WordBits == 32 ? (ulong)(int)integer : integer);
            }
        }
    }

    private static string Describe(RiscvMachine machine)
    {
        var text = $"{(FloatingPointFlags)machine.State->FpFlags} {machine.State->FpRounding} pc {machine.State->Pc:x}";
        foreach (var register in new[] { 10, 11, 12, 13, 28, 29, 30, 31 })
            text += $" {machine.Hart.GetRegister(1, register):x}/{machine.Hart.GetRegister(0, register):x}";
        return text;
    }
}
