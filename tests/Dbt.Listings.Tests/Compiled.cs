using System.Buffers.Binary;
using Dbt.Cli.Code;
using Dbt.Isa;
using Dbt.Lab.Code;
using Dbt.Lab.Listings;
using Dbt.Translator.Baseline;
using Dbt.Translator.Engines;
using Dbt.Translator.Explaining;
using Dbt.Translator.HostCode;
using Dbt.Translator.Semantics;

namespace Dbt.Listings.Tests;

/// <summary>Guest code and what the baseline compiler makes of it on a host that does not depend on this one.</summary>
internal sealed class Compiled
{
    /// <summary>Guest address of the code.</summary>
    public const ulong Base = 0x10000;

    /// <summary>x86-64-v3 with pclmulqdq, which all processors of that level have.</summary>
    public static readonly HostFeatures Host = new()
    {
        Sse41 = true,
        Popcnt = true,
        Lzcnt = true,
        Bmi1 = true,
        Bmi2 = true,
        Pclmul = true,
        Avx = true,
        Fma = true,
    };

    private readonly CodeImage _image;
    private readonly Disassembler _disassembler;

    private Compiled(GuestIsa isa, byte[] code, bool counts)
    {
        _image = new CodeImage([new CodeSection("", Base, code)]);
        _disassembler = new Disassembler(isa, CompilerSurvey.AllOf(isa), DisassemblyStyle.Default);
        var explainer = new BaselineExplainer(GuestLifters.For(isa), CompilerSurvey.AllOf(isa), _image, EngineOptions.Default with { CountsInstructions = counts }, Host);
        var blocks = new List<BlockExplanation>();
        for (var pc = Base; pc < Base + (ulong)code.Length; pc += (ulong)blocks[^1].GuestCode.Length)
            blocks.Add(explainer.Explain(pc)!);
        Blocks = blocks;
    }

    /// <summary>The blocks, in the order of their addresses.</summary>
    public IReadOnlyList<BlockExplanation> Blocks { get; }

    /// <summary>The guest code as text.</summary>
    public IEnumerable<string> Guest => _disassembler.Lines(_image, AddressRange.All).Select(line => line.Text.Replace('\t', ' '));

    /// <summary>A single instruction.</summary>
    public static Compiled Of(GuestIsa isa, in Instruction instruction)
    {
        Assert.True(isa.TryEncode(instruction, out var bits));
        var code = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(code, bits);
        return new Compiled(isa, code[..instruction.Length], false);
    }

    /// <summary>Any code.</summary>
    public static Compiled Of(GuestIsa isa, byte[] code, bool counts = false) => new(isa, code, counts);

    /// <summary>The host instructions of a part of a block.</summary>
    public IReadOnlyList<HostLine> HostOf(BlockExplanation block, CodePart part) => HostLines(block).FindAll(line => line.Offset >= part.Offset && line.Offset < part.Offset + part.Length);

    /// <summary>All blocks as <c>dbt explain</c> prints them, without what differs from run to run.</summary>
    public string Listing()
    {
        var text = new StringWriter { NewLine = "\n" };
        foreach (var block in Blocks)
            new BlockListing(block, _image, _disassembler, isStable: true).WriteSideBySide(text);
        return text.ToString();
    }

    private List<HostLine> HostLines(BlockExplanation block) => HostDisassembler.Lines(block, new HostSymbols(block), _image.NameOf).ToList();
}
