using System.CommandLine;
using Dbt.Cli.Arguments;
using Dbt.Cli.Errors;
using Dbt.Isa;
using Dbt.Lab.Code;

namespace Dbt.Cli.Commands;

/// <summary><c>dbt disasm</c>: guest code as text.</summary>
internal sealed class DisasmCommand : DbtCommand
{
    private readonly CodeOptions _code;

    private readonly Flag _noAliases = new("--no-aliases", "Print instructions under their own names, not as pseudo-instructions");

    private readonly Flag _numeric = new("--numeric", "Print registers by number");

    /// <summary>Creates the command.</summary>
    public DisasmCommand()
        : base("disasm", "Prints guest code: of an ELF file, of a raw file, or of hexadecimal words.")
    {
        _code = new CodeOptions(this);
        Add(_noAliases);
        Add(_numeric);
        SetAction(Execute);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Line, string Meaning)> Examples =>
    [
        ("dbt disasm ./hello", "Everything executable in an ELF file"),
        ("dbt disasm --symbol main ./hello", "One function"),
        ("dbt disasm --address 0x10400..0x10440 ./hello", "A range; START+LENGTH works too"),
        ("dbt disasm --raw --base 0x80000000 rom.bin", "A file without headers"),
        ("dbt disasm 00a50513 4501", "Words: four digits are a 16-bit instruction"),
    ];

    private int Execute(ParseResult line)
    {
        var code = _code.Read(line);
        var style = (_noAliases.IsSet(line) ? DisassemblyStyle.NoAliases : 0) | (_numeric.IsSet(line) ? DisassemblyStyle.Numeric : 0);
        var disassembler = new Disassembler(code.Isa, code.Extensions, style);
        using var output = new StreamWriter(Console.OpenStandardOutput());
        var count = 0;
        foreach (var section in code.Image.Sections)
        {
            var lines = disassembler.Lines(code.Image, section, code.Range);
            count += Write(output, code.Image, section, lines);
        }
        return count > 0 ? ExitCode.Success : throw new UserException("disasm", "there is no code in that range", "see its sections with 'dbt disasm' alone", ExitCode.Failure);
    }

    private static int Write(StreamWriter output, CodeImage image, CodeSection section, IEnumerable<DisassembledLine> lines)
    {
        var count = 0;
        foreach (var line in lines)
        {
            if (count++ == 0 && section.Name.Length > 0)
                output.WriteLine($"section {section.Name}:");
            if (image.FunctionAt(line.Address) is { } name)
                output.WriteLine($"\n{line.Address:x16} <{name}>:");
            output.WriteLine($"{line.Address,8:x}:\t{line.Encoding,-8}\t{line.Text}");
        }
        return count;
    }
}
