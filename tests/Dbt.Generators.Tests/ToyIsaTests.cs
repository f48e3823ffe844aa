using System.Reflection;
using Dbt.Isa;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Dbt.Generators.Tests;

/// <summary>What is printed for a small ISA compiles and works: sections, exclusions, offsets, over, aliases, fewer registers than bits.</summary>
public sealed class ToyIsaTests
{
    private const string Extension = """
        extension Base ratified "1" "Base"
        field low    4:2 r+8
        field not0   9:7 unsigned !=3
        field scaled 12:10 <<2 signed
        field small  25:20 shift
        add           | 0000000 rs2 rs1 000 rd 0110011   | rd, rs1, rs2     | rd = rs1 + rs2;
        inc over add  | 0000000 00001 rs1 000 rd 0110011 | rd, rs1          | rd = rs1 + 1;
        sll           | 000000 small rs1 001 rd 0110011  | rd, rs1, small   | rd = rs1 << small;
        c.add         | 000 scaled not0 00 low 00        | low, scaled(r3) {not0} | low = scaled + not0;
        alias move    | add rs2:0                        | rd, rs1
        alias twice   | add rs1:rs2                      | rd, rs1
        section toy64
        addl          | 0000001 rs2 rs1 000 rd 0110011   | rd, rs1, rs2     | rd = rs1 + rs2;
        """;

    private static readonly Lazy<Assembly> compiled = new(Compile);

    [Theory]
    [InlineData("Toy64", 0x003100b3u, "add\tr1,r2,r3")]
    [InlineData("Toy64", 0x001100b3u, "inc\tr1,r2")]
    [InlineData("Toy64", 0x000100b3u, "move\tr1,r2")]
    [InlineData("Toy64", 0x002100b3u, "twice\tr1,r2")]
    [InlineData("Toy64", 0x023100b3u, "addl\tr1,r2,r3")]
    [InlineData("Toy32", 0x023100b3u, null)]                    // addl is in a section
    [InlineData("Toy64", 0x014100b3u, null)]                    // register 20 of 20
    [InlineData("Toy64", 0x023110b3u, "sll\tr1,r2,0x23")]
    [InlineData("Toy32", 0x023110b3u, null)]                    // shift by 35
    [InlineData("Toy64", 0x0000100cu, "c.add\tr11,-16(r3)")]
    [InlineData("Toy64", 0x0000118cu, null)]                    // an excluded value
    public void Words_mean_what_their_rows_say(string variant, uint word, string? text)
    {
        var isa = Instance(variant);
        Assert.Equal(text != null, isa.TryDecode(word, isa.DefaultExtensions, out var instruction));
        if (text == null)
            return;
        Assert.Equal(text, isa.Disassemble(instruction, 0));
        Assert.True(isa.TryEncode(instruction, out var bits));
        Assert.Equal(word, bits);
    }

    [Fact]
    public void Tables_say_what_the_spec_says()
    {
        var isa = Instance("Toy32");
        var shift = isa.Operations.Single(operation => operation?.Mnemonic == "sll")!.Operands[2];
        Assert.Equal(("small", "shift", 0, 31, 1), (shift.Field, shift.Kind, shift.Minimum, shift.Maximum, shift.Step));
        var scaled = isa.Operations.Single(operation => operation?.Mnemonic == "c.add")!.Operands[1];
        Assert.Equal((-16, 12, 4), (scaled.Minimum, scaled.Maximum, scaled.Step));
        Assert.Equal("toy/base.isa:6", isa.Operations.Single(operation => operation?.Mnemonic == "add")!.Source);
        Assert.Contains("| `inc` | `rd, rs1` |", isa.ReferencePage);
    }

    private static GuestIsa Instance(string variant) =>
        (GuestIsa)compiled.Value.GetType($"Dbt.Isa.Toy.Toy{variant}")!.GetProperty("Instance")!.GetValue(null)!;

    private static Assembly Compile()
    {
        var run = new GeneratorRun(
        [
            ("/specs/toy/toy.isa", File.ReadAllText(Path.Combine(SpecCase.Folder, "toy.isa"))),
            ("/specs/toy/base.isa", Extension),
            ("/specs/toy/short.isa", "extension Short ratified \"1\" \"Short\"\n"),
        ]);
        Assert.Empty(run.Errors);
        var platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(':');
        var usings = "global using System; global using System.Collections.Generic; global using System.Linq;";
        var compilation = CSharpCompilation.Create(
            // A friend of Dbt.Isa, as its own generated code is inside of it.
            "Dbt.Isa.Tests",
            run.Result.GeneratedSources.Select(source => CSharpSyntaxTree.ParseText(source.SourceText)).Append(CSharpSyntaxTree.ParseText(usings)),
            platform.Select(path => MetadataReference.CreateFromFile(path)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));
        using var stream = new MemoryStream();
        var result = compilation.Emit(stream);
        Assert.True(result.Success, string.Join("\n", result.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Take(10)));
        return Assembly.Load(stream.ToArray());
    }
}
