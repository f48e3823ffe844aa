using Dbt.Isa;

namespace Dbt.Semantics.Cases;

/// <summary>
/// One line of a table: <c>VARIANT MNEMONIC field=value ... | state before | state after</c>. Registers, memory and fields that are
/// not named are zero before, and as before after; pc goes on behind the instruction. Register fields default to 1, 2, 3, ... in the order
/// of <see cref="DefaultRegisters"/>, every other field to 0.
/// </summary>
/// <param name="Place">File and line.</param>
/// <param name="Text">The line.</param>
/// <param name="Variant">Name of the guest.</param>
/// <param name="Mnemonic">The instruction.</param>
/// <param name="Operands">Fields that are not defaults.</param>
/// <param name="Before">State before.</param>
/// <param name="After">What is different after.</param>
public sealed record SemanticCase(
    string Place,
    string Text,
    string Variant,
    string Mnemonic,
    IReadOnlyList<StateValue> Operands,
    IReadOnlyList<StateValue> Before,
    IReadOnlyList<StateValue> After)
{
    /// <summary>Registers that fields name when a case does not say so.</summary>
    public static IReadOnlyDictionary<string, int> DefaultRegisters { get; } = new Dictionary<string, int>
    {
        ["rd"] = 1, ["rs1"] = 2, ["rs2"] = 3,
        ["fd"] = 1, ["fs1"] = 2, ["fs2"] = 3, ["fs3"] = 4, ["fdS"] = 1, ["fsS"] = 2, ["fr1"] = 2, ["fr2"] = 3,
        ["rdNot0"] = 1, ["rs1Not0"] = 2, ["rs2c"] = 3, ["rs2s"] = 3,
        ["rdp"] = 9, ["rs1p"] = 10, ["rs2p"] = 11, ["rdrs1p"] = 9,
        ["fdp"] = 9, ["fs2p"] = 11, ["fdc"] = 1, ["fs2s"] = 3,
    };

    /// <summary>Reads a line; null for an empty one or a comment.</summary>
    public static IEnumerable<SemanticCase> Parse(string place, string line)
    {
        var text = line.Split('#')[0].Trim();
        if (text.Length == 0)
            yield break;
        var parts = text.Split('|');
        if (parts.Length != 3)
            throw new FormatException($"{place}: a case has three parts: {text}");
        var words = parts[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        foreach (var variant in words[0] == "all" ? ["rv32", "rv64"] : new[] { words[0] })
            yield return new(place, text, variant, words[1], StateValue.ParseAll(string.Join(' ', words[2..])),
                StateValue.ParseAll(parts[1]), StateValue.ParseAll(parts[2]));
    }

    /// <summary>The operation and its number.</summary>
    public (int Number, OperationInfo Info) FindOperation(GuestIsa isa)
    {
        ArgumentNullException.ThrowIfNull(isa);
        for (var number = 0; number < isa.Operations.Count; number++)
            if (isa.Operations[number] is { } info && info.Mnemonic == Mnemonic)
                return (number, info);
        throw new SemanticFailureException($"{Place}: {isa.Name} has no {Mnemonic}.");
    }

    /// <summary>The instruction.</summary>
    public Instruction Build(GuestIsa isa)
    {
        var (number, info) = FindOperation(isa);
        var instruction = new Instruction { Operation = (ushort)number, Length = (byte)info.Length };
        foreach (var operand in info.Operands)
        {
            var given = Operands.Where(value => value.Name == operand.Field).ToArray();
            var value = given.Length > 0 ? (long)given[0].Bits : DefaultRegisters.GetValueOrDefault(operand.Field);
            instruction[operand.Slot] = value;
        }
        foreach (var operand in Operands)
            if (info.Operands.All(known => known.Field != operand.Name))
                throw new SemanticFailureException($"{Place}: {Mnemonic} has no field {operand.Name}.");
        return instruction;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Variant} {Text} ({Place})";
}
