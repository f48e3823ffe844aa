using System.Buffers.Binary;
using System.Text;
using Dbt.Isa.Riscv;
using Dbt.Isa.Tests.Coding;

namespace Dbt.Isa.Tests.Objdump;

/// <summary>Our text against that of binutils, for random words and for every 16-bit word.</summary>
public sealed class DisassemblerTests
{
    private const int RandomWordCount = 1_000_000;
    private const int ShownDifferences = 25;
    private const string Extensions = "_m2p0_a2p1_f2p2_d2p2_c2p0_zicsr2p0_zifencei2p0_zihintpause2p0_zba1p0_zbb1p0_zbc1p0_zbs1p0";

    [ObjdumpTheory]
    [InlineData(64, DisassemblyStyle.NoAliases, 1)]
    [InlineData(64, DisassemblyStyle.Default, 2)]
    [InlineData(32, DisassemblyStyle.NoAliases, 3)]
    [InlineData(32, DisassemblyStyle.Default, 4)]
    public void Words_read_as_binutils_prints_them(int wordBits, DisassemblyStyle style, int seed)
    {
        var isa = Isa(wordBits);
        // What objdump takes for the beginning of a longer instruction would swallow the words behind it.
        var words = RandomWords.Of(isa, RandomWordCount, seed).Select(word => (word | 3) is var long4 && (long4 & 0x1f) == 0x1f ? long4 & ~4u : long4).ToArray();
        var code = new byte[words.Length * 4];
        for (var i = 0; i < words.Length; i++)
            BinaryPrimitives.WriteUInt32LittleEndian(code.AsSpan(i * 4), words[i]);
        Compare(isa, code, [.. words.Select((word, i) => ((ulong)i * 4, word))], style);
    }

    [ObjdumpTheory]
    [InlineData(64, DisassemblyStyle.NoAliases)]
    [InlineData(64, DisassemblyStyle.Default)]
    [InlineData(32, DisassemblyStyle.NoAliases)]
    [InlineData(32, DisassemblyStyle.Default)]
    [InlineData(64, DisassemblyStyle.Numeric)]
    public void Halfwords_read_as_binutils_prints_them(int wordBits, DisassemblyStyle style)
    {
        var words = Enumerable.Range(0, 0x10000).Where(word => (word & 3) != 3).Select(word => (uint)word).ToArray();
        var code = new byte[words.Length * 2];
        for (var i = 0; i < words.Length; i++)
            BinaryPrimitives.WriteUInt16LittleEndian(code.AsSpan(i * 2), (ushort)words[i]);
        Compare(Isa(wordBits), code, [.. words.Select((word, i) => ((ulong)i * 2, word))], style);
    }

    [ObjdumpFact]
    public void Every_justified_difference_is_there()
    {
        foreach (var (reason, example) in JustifiedDifferences.Examples)
        {
            var isa = Isa(example.WordBits);
            var style = example.NoAliases ? DisassemblyStyle.NoAliases : DisassemblyStyle.Default;
            var code = BitConverter.GetBytes(example.Word)[..isa.LengthOf((ushort)example.Word)];
            var (ours, theirs, instruction) = Texts(isa, code, [(0, example.Word)], style).Single();
            Assert.NotEqual(ours, theirs);
            Assert.True(JustifiedDifferences.Covers(reason, instruction, example.Word, ours, theirs), $"{reason} ours '{ours}', theirs '{theirs}'");
        }
    }

    private static GuestIsa Isa(int wordBits) => wordBits == 64 ? RiscvRv64.Instance : RiscvRv32.Instance;

    private static void Compare(GuestIsa isa, byte[] code, (ulong Address, uint Word)[] words, DisassemblyStyle style)
    {
        var differences = new Dictionary<string, (int Count, string Example)>();
        foreach (var ((_, word), (ours, theirs, instruction)) in words.Zip(Texts(isa, code, words, style)))
        {
            if (ours == theirs || JustifiedDifferences.Covers(instruction, word, ours, theirs))
                continue;
            var key = (ours + "\t").Split('\t')[0] + " / " + (theirs + "\t").Split('\t')[0];
            var example = $"{word:x8}: ours '{ours}', theirs '{theirs}'";
            differences[key] = differences.TryGetValue(key, out var entry) ? (entry.Count + 1, entry.Example) : (1, example);
        }
        var report = new StringBuilder();
        foreach (var (key, (count, example)) in differences.OrderByDescending(pair => pair.Value.Count).Take(ShownDifferences))
            report.AppendLine($"{key} x{count}: {example}");
        Assert.True(differences.Count == 0, report.ToString());
    }

    // Both texts of each word; empty for what is no instruction.
    private static IEnumerable<(string Ours, string Theirs, Instruction Instruction)> Texts(
        GuestIsa isa, byte[] code, (ulong Address, uint Word)[] words, DisassemblyStyle style)
    {
        var arch = $"rv{isa.WordBits}i2p1{Extensions}";
        var options = style switch
        {
            DisassemblyStyle.NoAliases => "-M no-aliases",
            DisassemblyStyle.Numeric => "-M numeric",
            _ => "",
        };
        var theirs = ObjdumpProcess.Disassemble(ObjectFile.Write(isa.WordBits, arch, code), options);
        // binutils 2.40 does not know Zicond.
        var extensions = isa.DefaultExtensions.Without(IsaString.Find(isa, "Zicond")!.Index);
        foreach (var (address, word) in words)
        {
            var known = isa.TryDecode(word, extensions, out var instruction);
            var their = theirs[address];
            yield return (known ? isa.Disassemble(instruction, address, style) : "", their.StartsWith('.') ? "" : their, instruction);
        }
    }
}
