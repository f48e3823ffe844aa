using Dbt.Isa;

namespace Dbt.Translator.Tests.Riscv;

/// <summary>Programs that try to get out of their window: accesses of all kinds through a few registers that change between them.</summary>
/// <param name="isa">The instruction set.</param>
/// <param name="machine">Whose window it is.</param>
/// <param name="seed">The same seed gives the same programs.</param>
internal sealed class HostilePrograms(GuestIsa isa, HostileMachine machine, int seed)
{
    // Registers that compressed forms can name, mapped to host registers and not.
    private const int FirstRegister = 8, Registers = 8;

    private readonly Random _random = new(seed);
    private readonly List<OperationInfo> _accesses = [.. On(isa).Where(operation => IsAccess(operation))];
    private readonly List<OperationInfo> _others = [.. On(isa).Where(operation => !IsAccess(operation) && operation.Traits == OperationTraits.None)];
    private readonly List<OperationInfo> _additions = [.. On(isa).Where(operation => operation.Mnemonic is "addi" or "c.addi" or "add" or "sh3add" or "lui" or "c.mv")];
    private readonly Dictionary<OperationInfo, ushort> _numbers = Enumerable.Range(0, isa.Operations.Count)
        .Where(number => isa.Operations[number] is not null).ToDictionary(number => isa.Operations[number]!, number => (ushort)number);

    private readonly ulong[] _telling = Telling(machine);
    private int _register = FirstRegister;

    /// <summary>All operations that access memory.</summary>
    public IReadOnlyList<OperationInfo> Accesses => _accesses;

    /// <summary>Addresses that, with any displacement of an instruction, are outside of the window.</summary>
    public IEnumerable<ulong> OutsideAddresses => _telling.Where(address =>
    {
        var mask = isa.WordBits == 32 ? uint.MaxValue : ulong.MaxValue;
        var (first, last) = (address - 0x800 & mask, address + 0x1000 & mask);
        return first >= machine.Size && last > first;
    });

    /// <summary>A number below a bound.</summary>
    public int Next(int bound) => _random.Next(bound);

    /// <summary>Something at an edge, outside, or far away with the low bits of something inside.</summary>
    public ulong NextValue() => _random.Next(8) == 0
        ? (ulong)_random.NextInt64(long.MinValue, long.MaxValue)
        : _telling[_random.Next(_telling.Length)] + (ulong)(_random.Next(3) - 1) * (ulong)_random.Next(0x1_0000);

    /// <summary>Instructions for a program: accesses, additions and anything else that computes, through few registers.</summary>
    public IEnumerable<(uint Bits, int Length)> Next()
    {
        var registers = 1 + _random.Next(3);
        for (var count = 4 + _random.Next(30); count > 0; count--)
        {
            _register = FirstRegister + _random.Next(registers) * 3 % Registers;
            var kind = _random.Next(10);
            var from = kind < 5 ? _accesses : kind < 9 ? _additions : _others;
            if (TryEncode(from[_random.Next(from.Count)], Value, out var bits, out var length))
                yield return (bits, length);
        }
    }

    /// <summary>One operation with every operand that is not a register at an end of its range, or zero.</summary>
    public IEnumerable<(uint Bits, int Length)> Extremes(OperationInfo operation)
    {
        foreach (var extreme in (Func<OperandInfo, long>[])[operand => operand.Minimum, operand => operand.Maximum, _ => 0])
            if (TryEncode(operation, operand => IsRegister(operand) ? 10 : extreme(operand), out var bits, out var length))
                yield return (bits, length);
    }

    private static bool IsAccess(OperationInfo operation) => (operation.Traits & (OperationTraits.Loads | OperationTraits.Stores | OperationTraits.Atomic)) != 0;

    private static bool IsRegister(OperandInfo operand) => operand.Kind is "x" or "f";

    private static IEnumerable<OperationInfo> On(GuestIsa isa) =>
        isa.Operations.OfType<OperationInfo>().Where(operation => isa.DefaultExtensions.Contains(operation.ExtensionIndex));

    private static ulong[] Telling(HostileMachine machine)
    {
        var inside = machine.Size - 0x1000;
        List<ulong> edges = [0, machine.Size - HostileMachine.EdgeBytes, machine.Size, machine.Size + 0x1_0000, ulong.MaxValue - 0xffff];
        List<ulong> values = [.. edges.SelectMany(edge => (ulong[])[edge, edge - 8, edge - 1, edge + 1, edge + 0x7f8, edge - 0x800, edge + 0x7fff, edge - 0x8000])];
        for (var i = 0; i < 4; i++)
            values.AddRange([machine.Forbidden(i), machine.Forbidden(i) + 0x1000, machine.Forbidden(i) + (1 << 20)]);
        // Inside, if only some bits are looked at.
        foreach (var bit in (int[])[31, 32, 33, 39, 40, 47, 48, 62, 63])
            values.AddRange([inside | 1UL << bit, inside - (1UL << bit), (1UL << bit) - 8]);
        values.AddRange([unchecked((ulong)int.MinValue), int.MaxValue, uint.MaxValue, long.MaxValue, 1UL << 63]);
        return [.. values];
    }

    private long Value(OperandInfo operand)
    {
        if (IsRegister(operand))
            return _register;
        var steps = (operand.Maximum - operand.Minimum) / operand.Step;
        return _random.Next(4) switch
        {
            0 => operand.Minimum,
            1 => operand.Maximum,
            _ => operand.Minimum + operand.Step * _random.NextInt64(steps + 1),
        };
    }

    private bool TryEncode(OperationInfo operation, Func<OperandInfo, long> value, out uint bits, out int length)
    {
        var instruction = new Instruction { Operation = _numbers[operation], Length = (byte)operation.Length };
        foreach (var operand in operation.Operands)
            instruction[operand.Slot] = Math.Clamp(value(operand), operand.Minimum, operand.Maximum);
        length = operation.Length;
        return isa.TryEncode(instruction, out bits);
    }
}
