namespace Dbt.Isa.Tests.Objdump;

/// <summary>Where we mean to differ from binutils 2.40, each with its reason and a word that shows it.</summary>
internal static class JustifiedDifferences
{
    private delegate bool Condition(in Instruction instruction, uint word, string ours, string theirs);

    private static readonly (string Reason, DifferenceExample Example, Condition Applies)[] table =
    [
        ("Chapter 2.7: base implementations ignore reserved fm, rs1 and rd of FENCE; binutils wants them zero.", new(64, 0xc29a848f),
            (in Instruction _, uint word, string ours, string theirs) =>
                ours.StartsWith("fence", StringComparison.Ordinal) && theirs.Length == 0 && (word & 0xf00f8f80) != 0),
        ("Zifencei: imm, rs1 and rd of FENCE.I are ignored; binutils wants them zero.", new(64, 0x04f1940f),
            (in Instruction _, uint word, string ours, string theirs) => ours == "fence.i" && theirs.Length == 0 && (word & 0xffff8f80) != 0),
        ("Conversions that are always exact may have any valid rounding mode; binutils knows RNE only.", new(64, 0x42009053),
            (in Instruction _, uint word, string ours, string theirs) =>
                Mnemonic(ours) is "fcvt.d.s" or "fcvt.d.w" or "fcvt.d.wu" && theirs.Length == 0 && (word >> 12 & 7) != 0),
        ("Rounding modes 5 and 6 are reserved: not an instruction for us, 'unknown' for binutils.", new(64, 0x00615543),
            (in Instruction _, uint _, string ours, string theirs) => ours.Length == 0 && theirs.EndsWith(",unknown", StringComparison.Ordinal)),
        ("On rv32 a shift by 32 or more is reserved; binutils prints it.", new(32, 0x037e1013),
            (in Instruction _, uint _, string ours, string theirs) => ours.Length == 0 && HasLargeShift(theirs)),
        ("c.nop is a name of its own in the manual, for binutils an alias of c.addi.", new(64, 0x0001, NoAliases: true),
            (in Instruction _, uint _, string ours, string theirs) => ours == "c.nop" && theirs.StartsWith("c.addi\tzero,", StringComparison.Ordinal)),
        ("A compressed shift by 0 is a hint on rv32 and rv64; binutils prints its rv128 name.", new(64, 0x8001, NoAliases: true),
            (in Instruction _, uint _, string ours, string theirs) =>
                ours.EndsWith(",0x0", StringComparison.Ordinal) && theirs == ours.Replace("\t", "64\t").Replace(",0x0", "")),
        ("c.addi16sp with 0 is reserved; binutils prints it.", new(64, 0x6101),
            (in Instruction _, uint word, string ours, string _) => ours.Length == 0 && word == 0x6101),
        ("CSRs of extensions that we do not have: a number for us, a name for binutils.", new(64, 0x600022f3),
            (in Instruction instruction, uint word, string ours, string theirs) =>
                (word & 0x7f) == 0x73 && ours.Contains("0x") && SameButOne(ours, theirs, $"0x{instruction.Immediate:x}")),
        ("unimp is a pseudo-instruction for us, an instruction for binutils even without aliases.", new(64, 0xc0001073, NoAliases: true),
            (in Instruction _, uint word, string ours, string theirs) =>
                word == 0xc0001073 && ours == "csrrw\tzero,cycle,zero" && theirs == "unimp"),
        ("The halfword 0 is illegal by definition; binutils has a name for that.", new(64, 0),
            (in Instruction _, uint word, string ours, string theirs) => word == 0 && ours.Length == 0 && theirs is "unimp" or "c.unimp"),
        ("Privileged instructions are no part of an extension for binutils, so that it always knows them.", new(64, 0x7b200073),
            (in Instruction _, uint word, string ours, string _) => ours.Length == 0 && (word & 0x707f) == 0x73),
    ];

    /// <summary>A word for each entry, with its reason.</summary>
    public static IEnumerable<(string Reason, DifferenceExample Example)> Examples => table.Select(entry => (entry.Reason, entry.Example));

    /// <summary>Whether the entry with this reason is about this pair of texts.</summary>
    public static bool Covers(string reason, in Instruction instruction, uint word, string ours, string theirs) =>
        table.Single(entry => entry.Reason == reason).Applies(instruction, word, ours, theirs);

    public static bool Covers(in Instruction instruction, uint word, string ours, string theirs)
    {
        foreach (var (_, _, applies) in table)
            if (applies(instruction, word, ours, theirs))
                return true;
        return false;
    }

    private static string Mnemonic(string text) => text.Split('\t')[0];

    private static bool HasLargeShift(string text) =>
        text.LastIndexOf(",0x", StringComparison.Ordinal) is > 0 and var at
        && int.TryParse(text.AsSpan(at + 3), System.Globalization.NumberStyles.HexNumber, null, out var shift) && shift is >= 32 and < 64;

    private static bool SameButOne(string ours, string theirs, string number)
    {
        var left = ours.Split('\t', ',');
        var right = theirs.Split('\t', ',');
        return left.Length == right.Length && !left.Where((part, i) => part != right[i] && part != number).Any();
    }
}
