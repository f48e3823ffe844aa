namespace Dbt.Isa.Tests.Coding;

/// <summary>
/// 32-bit patterns: a third uniformly random, a third rows of the spec with random operands, a third rows with
/// operands that aliases and limits care about.
/// </summary>
internal static class RandomWords
{
    public static IEnumerable<uint> Of(GuestIsa isa, int count, int seed)
    {
        var random = new Random(seed);
        var rows = isa.Operations.Select((info, number) => (Info: info!, Number: (ushort)number)).Where(row => row.Info is { Length: 4 }).ToArray();
        for (var i = 0; i < count; i++)
        {
            var word = (uint)random.NextInt64(1L << 32);
            var (info, number) = rows[random.Next(rows.Length)];
            if (i % 3 == 1)
                word = word & ~info.Mask | info.Match;
            else if (i % 3 == 2 && isa.TryEncode(Special(isa, info, number, random), out var encoded))
                word = encoded;
            yield return word;
        }
    }

    /// <summary>An instruction with operands that are often the smallest, the largest, 0, 1, -1 or a known CSR.</summary>
    public static Instruction Special(GuestIsa isa, OperationInfo info, ushort number, Random random)
    {
        var instruction = new Instruction { Operation = number, Length = (byte)info.Length };
        foreach (var operand in info.Operands)
            instruction[operand.Slot] = random.Next(6) switch
            {
                0 => operand.Minimum,
                1 => operand.Maximum,
                2 => 0,
                3 => operand.Kind == "csr" ? isa.Csrs[random.Next(isa.Csrs.Count)].Number : 1,
                4 => operand.Kind == "csr" ? isa.Csrs[random.Next(isa.Csrs.Count)].Number : operand.Minimum < 0 ? -1 : 15,
                _ => operand.Minimum + random.NextInt64((operand.Maximum - operand.Minimum) / operand.Step + 1) * operand.Step,
            };
        return instruction;
    }
}
