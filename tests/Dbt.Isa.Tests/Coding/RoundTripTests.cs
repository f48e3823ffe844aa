using Dbt.Isa.Riscv;

namespace Dbt.Isa.Tests.Coding;

/// <summary>Decoder and encoder undo one another, and neither ever throws.</summary>
public sealed class RoundTripTests
{
    private const int RandomWordCount = 1_000_000;

    public static TheoryData<string> Variants => new("rv32", "rv64");

    [Theory]
    [MemberData(nameof(Variants))]
    public void Encoding_undoes_decoding_of_random_words(string variant)
    {
        var isa = Isa(variant);
        var decoded = RandomWords.Of(isa, RandomWordCount, seed: 5).Count(word => IsSameWhenDecoded(isa, word));
        // A third of the words are rows with random operands, so that this cannot be few unless decoding fails.
        Assert.InRange(decoded, RandomWordCount / 2, RandomWordCount);
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Encoding_undoes_decoding_of_every_halfword(string variant)
    {
        var isa = Isa(variant);
        var decoded = Enumerable.Range(0, 0x10000).Count(word => IsSameWhenDecoded(isa, (uint)word));
        Assert.InRange(decoded, 40_000, 0x10000);
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Decoding_undoes_encoding_of_operands_in_range(string variant)
    {
        var isa = Isa(variant);
        var random = new Random(6);
        var all = All(isa);
        var reached = 0;
        for (ushort number = EngineOperation.FirstGuestOperation; number < isa.Operations.Count; number++)
        {
            if (isa.Operations[number] is not { } info)
                continue;
            var encoded = 0;
            for (var i = 0; i < 2_000; i++)
            {
                var instruction = RandomWords.Special(isa, info, number, random);
                if (!isa.TryEncode(instruction, out var bits) || !isa.TryDecode(bits, all, out var again))
                    continue;
                encoded++;
                // A special case of another extension may take the bits: PAUSE those of a FENCE.
                if (again.Operation != number)
                    Assert.Equal("pause", isa.Operations[again.Operation]!.Mnemonic);
                else
                    Assert.Equal(instruction, again);
            }
            Assert.True(encoded > 0, info.Mnemonic);
            reached++;
        }
        Assert.InRange(reached, 150, isa.Operations.Count);
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Operands_out_of_range_are_not_encoded(string variant)
    {
        var isa = Isa(variant);
        for (ushort number = EngineOperation.FirstGuestOperation; number < isa.Operations.Count; number++)
            foreach (var operand in isa.Operations[number]?.Operands ?? [])
                foreach (var value in operand.Excluded.Append(operand.Minimum - operand.Step).Append(operand.Maximum + operand.Step).Append(operand.Minimum + (operand.Step > 1 ? 1 : -1)))
                {
                    var instruction = Smallest(isa.Operations[number]!, number);
                    if (operand.Slot != OperandSlot.Immediate && value is < 0 or > 255)
                        continue;
                    instruction[operand.Slot] = value;
                    Assert.False(isa.TryEncode(instruction, out _), $"{isa.Operations[number]!.Mnemonic} {operand.Field} {value}");
                }
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Nothing_is_decoded_without_its_extension(string variant)
    {
        var isa = Isa(variant);
        foreach (var word in RandomWords.Of(isa, 20_000, seed: 7))
            if (isa.TryDecode(word, All(isa), out var instruction))
            {
                var info = isa.Operations[instruction.Operation]!;
                if (isa.TryDecode(word, All(isa).Without(info.ExtensionIndex), out var other))
                    Assert.NotEqual(instruction.Operation, other.Operation);
                else
                    Assert.Equal(EngineOperation.Illegal, other.Operation);
                Assert.False(isa.TryDecode(word, default, out _));
            }
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public void Drafts_are_off_unless_named(string variant)
    {
        var isa = Isa(variant);
        var draft = Assert.Single(isa.Extensions, extension => extension.Status == ExtensionStatus.Draft);
        Assert.False(isa.DefaultExtensions.Contains(draft.Index));
        var number = (ushort)isa.Operations.ToList().FindIndex(operation => operation?.Mnemonic == "beqi");
        Assert.True(isa.TryEncode(new Instruction { Operation = number, Length = 4, A = 1, B = 2, Immediate = 16 }, out var bits));
        Assert.False(isa.TryDecode(bits, isa.DefaultExtensions, out _));
        Assert.True(isa.TryDecode(bits, isa.DefaultExtensions.With(draft.Index), out var decoded));
        Assert.Equal("beqi\tra,2,0x110", isa.Disassemble(decoded, 0x100, DisassemblyStyle.NoAliases));
    }

    private static GuestIsa Isa(string variant) => variant == "rv64" ? RiscvRv64.Instance : RiscvRv32.Instance;

    private static ExtensionSet All(GuestIsa isa) => isa.Extensions.Aggregate(default(ExtensionSet), (all, extension) => all.With(extension.Index));

    private static bool IsSameWhenDecoded(GuestIsa isa, uint word)
    {
        if (!isa.TryDecode(word, All(isa), out var instruction))
        {
            Assert.Equal(EngineOperation.Illegal, instruction.Operation);
            Assert.Equal(isa.LengthOf((ushort)word), instruction.Length);
            return false;
        }
        Assert.Equal(isa.LengthOf((ushort)word), instruction.Length);
        Assert.True(isa.TryEncode(instruction, out var bits), $"{word:x8} {isa.Operations[instruction.Operation]!.Mnemonic}");
        if (bits != (instruction.Length == 2 ? (ushort)word : word))
            Assert.Fail($"{word:x8} became {bits:x8}");
        return true;
    }

    private static Instruction Smallest(OperationInfo info, ushort number)
    {
        var instruction = new Instruction { Operation = number, Length = (byte)info.Length };
        foreach (var operand in info.Operands)
        {
            var value = operand.Minimum;
            while (operand.Excluded.Contains(value))
                value += operand.Step;
            instruction[operand.Slot] = value;
        }
        return instruction;
    }

}
