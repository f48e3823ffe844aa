using Dbt.Isa;

namespace Dbt.Translator.Tests.Riscv;

/// <summary>Random instructions with random but telling operands.</summary>
/// <param name="isa">The instruction set.</param>
/// <param name="seed">The same seed gives the same programs.</param>
internal sealed class RandomPrograms(GuestIsa isa, int seed)
{
    private static readonly long[] s_values =
    [
        0, 1, 2, -1, -2, 31, 63, 64, 0x7f, 0x80, int.MaxValue, int.MinValue, uint.MaxValue, 1L << 32, long.MaxValue, long.MinValue,
        // Floating point: 1.0, infinity, quiet and signaling NaN, subnormal; the same boxed.
        0x3ff0000000000000, 0x7ff0000000000000, 0x7ff8000000000000, 0x7ff0000000000001, 1, unchecked((long)0xffffffff3f800000),
        unchecked((long)0xffffffff7f800001), unchecked((long)0xffffffff00000001), unchecked((long)0xffffffff7fc00000), 0x4330000000000001,
    ];

    // Flags, rounding, both, and the count of instructions: the clock differs from run to run.
    private static readonly long[] s_csrs = [1, 2, 3, 1, 2, 3, 0xc02];

    private readonly Random _random = new(seed);
    private readonly List<int> _operations = [.. Enumerable.Range(0, isa.Operations.Count).Where(number => IsOn(isa, number))];

    /// <summary>Operations that programs are made of.</summary>
    public IReadOnlyList<int> Operations => _operations;

    /// <summary>An instruction of any operation.</summary>
    public uint Next(out int operation, out int length)
    {
        for (; ; )
        {
            operation = _operations[_random.Next(_operations.Count)];
            if (TryNext(operation, out var bits, out length))
                return bits;
        }
    }

    /// <summary>A value for a register: a telling one, any, or an address in the data.</summary>
    public ulong NextValue() => _random.Next(6) switch
    {
        0 => (ulong)s_values[_random.Next(s_values.Length)],
        1 => (ulong)_random.NextInt64(long.MinValue, long.MaxValue),
        2 => BitConverter.DoubleToUInt64Bits(_random.NextDouble() * 1000),
        _ => RiscvMachine.Data + (ulong)_random.Next((int)RiscvMachine.DataSize / 8) * 8,
    };

    /// <summary>A number below a bound.</summary>
    public int Next(int bound) => _random.Next(bound);

    private static bool IsOn(GuestIsa isa, int number) =>
        isa.Operations[number] is { } info && isa.DefaultExtensions.Contains(info.ExtensionIndex);

    /// <summary>An instruction of one operation; false when its operands are reserved.</summary>
    public bool TryNext(int operation, out uint bits, out int length)
    {
        var info = isa.Operations[operation]!;
        var instruction = new Instruction { Operation = (ushort)operation, Length = (byte)info.Length };
        foreach (var operand in info.Operands)
        {
            var steps = (operand.Maximum - operand.Minimum) / operand.Step + 1;
            var value = operand.Minimum + operand.Step * (_random.Next(3) == 0 ? _random.NextInt64(Math.Min(steps, 8)) : _random.NextInt64(steps));
            if (operand.Kind == "csr")
                value = s_csrs[_random.Next(s_csrs.Length)];
            instruction[operand.Slot] = value;
        }
        length = info.Length;
        return isa.TryEncode(instruction, out bits);
    }
}
