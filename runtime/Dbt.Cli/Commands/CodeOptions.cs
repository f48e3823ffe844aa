using System.CommandLine.Parsing;
using System.CommandLine;
using Dbt.Cli.Arguments;
using Dbt.Cli.Code;
using Dbt.Cli.Errors;
using Dbt.Isa;
using Dbt.Lab.Code;

namespace Dbt.Cli.Commands;

/// <summary>The arguments and options by which <c>disasm</c> and <c>explain</c> are told what to look at.</summary>
internal sealed class CodeOptions
{
    private const ulong DefaultBase = 0x10000;

    private readonly Argument<string[]> _input = new("FILE|WORD")
    {
        Arity = ArgumentArity.OneOrMore,
        Description = "An ELF file, a raw file (--raw), or hexadecimal words",
    };

    private readonly Flag _raw = new("--raw", "The file is code from its first byte on");

    private readonly ValueOption<ulong> _base = Values.AddressOption("--base", $"Address of the first byte of a raw file or of the words [default: 0x{DefaultBase:x}]");

    private readonly Option<string?> _symbol = new("--symbol", "-s")
    {
        HelpName = "NAME",
        Description = "Only this function",
    };

    private readonly ValueOption<AddressRange> _address = Values.RangeOption("--address", "Only these addresses, hexadecimal; START+LENGTH works too");

    private readonly Option<string?> _isa = Values.IsaOption();

    /// <summary>Adds them to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="runsGuest">Whether the words are a guest's command line.</param>
    public CodeOptions(Command command, Func<ArgumentResult, bool>? runsGuest = null)
    {
        _input.Validators.Add(result =>
        {
            if (runsGuest?.Invoke(result) != true)
                RejectOptions(result);
        });
        command.Add(_input);
        command.Add(_symbol);
        command.Add(_address);
        command.Add(_raw);
        command.Add(_base);
        command.Add(_isa);
    }

    /// <summary>The words that name code, or are a guest's command line.</summary>
    public string[] Words(ParseResult line) => line.GetRequiredValue(_input);

    /// <summary>The guest and its extensions.</summary>
    public (GuestIsa Isa, ExtensionSet Extensions) Guest(ParseResult line) => Guests.Parse(line.GetValue(_isa));

    /// <summary>Reads what the command line names.</summary>
    /// <exception cref="UserException">There is nothing of that name, or it is not code.</exception>
    public GuestCode Read(ParseResult line)
    {
        var input = line.GetRequiredValue(_input);
        var isFile = input is [var path] && (_raw.IsSet(line) || File.Exists(path) || !HexWords.TryParse(path, out _));
        var (isa, extensions) = Guests.Parse(line.GetValue(_isa));
        CodeImage image;
        if (!isFile)
            image = Bare(HexWords.ToBytes(input), line);
        else if (_raw.IsSet(line))
            image = Bare(InputFile.Read(input[0]), line);
        else
            image = ElfImage.Read(input[0]);
        return new GuestCode(isa, extensions, image, Range(line, image));
    }

    // The library takes an unknown option for another word.
    private static void RejectOptions(ArgumentResult result)
    {
        if (result.Tokens.FirstOrDefault(token => token.Value.StartsWith('-')) is { } option)
            result.AddError($"unknown option '{option.Value}'");
    }

    private CodeImage Bare(byte[] bytes, ParseResult line) => new([new CodeSection("", _base.Of(line) ?? DefaultBase, bytes)]);

    private AddressRange Range(ParseResult line, CodeImage image)
    {
        if (line.GetValue(_symbol) is not { } name)
            return _address.Of(line) ?? AddressRange.All;
        if (_address.Of(line) is not null)
            throw UserException.Usage("--symbol and --address exclude each other", "give one");
        return image.Find(name) ?? throw new UserException(name, "no such symbol", "'dbt disasm FILE' shows all; a stripped file has none: use --address", ExitCode.Failure);
    }
}
