using System.CommandLine;
using Dbt.Cli.Arguments;
using Dbt.Cli.Code;
using Dbt.Cli.Errors;
using Dbt.Cli.Execution;
using Dbt.Cli.Output;
using Dbt.Isa;
using Dbt.Lab.Code;
using Dbt.Lab.Listings;
using Dbt.Lab.Snippets;
using Dbt.Translator.Engines;
using Dbt.Translator.Explaining;

namespace Dbt.Cli.Commands.Lab;

/// <summary><c>dbt lab snippet</c>: what every engine, qemu and gcc make of a few lines.</summary>
internal sealed class SnippetCommand : DbtCommand
{
    private readonly Argument<string?> _file = new("FILE")
    {
        Arity = ArgumentArity.ZeroOrOne,
        Description = "The snippet, C when its name ends with .c, else assembly; standard input without it and without -e",
    };

    private readonly Option<string?> _text = new("--expression", "-e") { HelpName = "TEXT", Description = "The snippet itself; ';' separates lines of assembly" };

    private readonly Flag _c = new("--c", "It is C; told by itself when there is a brace in it");

    private readonly Option<string?> _engines = new("--engines") { HelpName = "A,B", Description = "Whose code to show; all without it, none for no engine" };

    private readonly Option<string?> _flags = new("--flags") { HelpName = "'FLAGS'", Description = "For gcc, behind -O2: '-O3 -march=rv64gc_zba'" };

    private readonly Flag _noQemu = new("--no-qemu", "Leave qemu-riscv64 out");

    private readonly Flag _noNative = new("--no-native", "Leave gcc for this machine out");

    private readonly Flag _trusted = new("--trusted", "As 'dbt run --trusted' has it: without the checks of guest addresses");

    private readonly Option<string?> _isa = Values.IsaOption();

    /// <summary>Creates the command.</summary>
    public SnippetCommand()
        : base("snippet", "Prints what every compiling engine, qemu-riscv64 and gcc make of a few lines of guest assembly or a C function, with sizes.")
    {
        Add(_file);
        Add(_text);
        Add(_c);
        Add(_engines);
        Add(_flags);
        Add(_noQemu);
        Add(_noNative);
        Add(_trusted);
        Add(_isa);
        SetAction(Execute);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Line, string Meaning)> Examples =>
    [
        ("dbt lab snippet -e 'add a0,a0,a1; add a0,a0,a0' --trusted", "A few instructions"),
        ("dbt lab snippet -e 'long f(long *p, long n) { long s = 0; while (n--) s += *p++; return s; }'", "A C function"),
        ("dbt lab snippet --engines baseline --no-qemu loop.c", "A file, and one engine beside gcc"),
        ("echo 'add a0,a0,a1' | dbt lab snippet", "Standard input"),
    ];

    private sealed record Result(string Name, int Bytes, int Instructions, string More);

    private int Execute(ParseResult line)
    {
        var (isa, extensions) = Guests.Parse(line.GetValue(_isa));
        var target = Guests.SnippetTargetOf(isa) ?? throw new UserException("--isa", $"snippets of {isa.Name} cannot be built", null, ExitCode.Usage);
        var (text, isC) = Read(line);
        using var snippet = new Snippet(target, text, isC, (line.GetValue(_flags) ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries));
        var guest = snippet.BuildGuest();
        var image = new CodeImage([new CodeSection("", guest.Address, guest.Code)], guest.Symbols);
        // What gcc was asked for is on: it is to be looked at, not to be run.
        var all = line.GetValue(_isa) is null ? CompilerSurvey.AllOf(isa) : extensions;
        var disassembler = new Disassembler(isa, all, DisassemblyStyle.Default);
        var results = new List<Result> { Guest(guest, image, disassembler) };
        var options = new EngineOptions { TrustsGuest = _trusted.IsSet(line), CountsInstructions = false };
        foreach (var engine in EnginesOf(line))
            results.Add(Engine(engine, EngineChoice.CreateExplainer(engine, isa, all, image, options), guest, image, disassembler));
        if (!_noQemu.IsSet(line) && Qemu(target, snippet, guest) is { } qemu)
            results.Add(qemu);
        if (!_noNative.IsSet(line) && snippet.BuildHost() is { } host)
            results.Add(Native(host));
        WriteSummary(results);
        return ExitCode.Success;
    }

    private (string Text, bool IsC) Read(ParseResult line)
    {
        var (expression, file) = (line.GetValue(_text), line.GetValue(_file));
        if (expression is not null && file is not null)
            throw UserException.Usage("-e and a file exclude each other", "give one");
        var text = expression ?? (file is null ? Console.In.ReadToEnd() : System.Text.Encoding.UTF8.GetString(InputFile.Read(file)));
        if (string.IsNullOrWhiteSpace(text))
            throw UserException.Usage("the snippet is empty", "for example 'dbt lab snippet -e \"add a0,a0,a1; ret\"'");
        var isC = _c.IsSet(line) || (file is null ? text.Contains('{', StringComparison.Ordinal) : file.EndsWith(".c", StringComparison.OrdinalIgnoreCase));
        return (text, isC);
    }

    private string[] EnginesOf(ParseResult line)
    {
        var names = line.GetValue(_engines)?.Split(',', StringSplitOptions.RemoveEmptyEntries) ?? EngineChoice.Compilers;
        if (names is ["none"])
            return [];
        return names.FirstOrDefault(name => !EngineChoice.Compilers.Contains(name)) is { } unknown
            ? throw UserException.Usage($"--engines takes {string.Join(", ", EngineChoice.Compilers)} or none, not '{unknown}'", "an interpreter makes no code")
            : names;
    }

    private static Result Guest(BuiltSnippet guest, CodeImage image, Disassembler disassembler)
    {
        Title("guest");
        var count = 0;
        foreach (var function in guest.Functions)
        {
            Console.Out.WriteLine($"{function.Address:x} <{function.Name}>:");
            foreach (var instruction in disassembler.Lines(image, new AddressRange(function.Address, function.Address + function.Size)))
            {
                Console.Out.WriteLine($"  {instruction.Address,8:x}  {instruction.Encoding,-8}  {instruction.Text.Replace('\t', ' ')}");
                count++;
            }
        }
        return new Result("guest", guest.Functions.Sum(function => (int)function.Size), count, "");
    }

    private static Result Engine(string name, IBlockExplainer explainer, BuiltSnippet guest, CodeImage image, Disassembler disassembler)
    {
        Title(name);
        var (bytes, cold, instructions, microseconds) = (0, 0, 0, 0.0);
        foreach (var function in guest.Functions)
        {
            for (var pc = function.Address; pc < function.Address + function.Size;)
            {
                if (explainer.Explain(pc) is not { GuestCode.Length: > 0 } block)
                    break;
                new BlockListing(block, image, disassembler).WriteSideBySide(Console.Out);
                var hot = block.Parts.Where(part => !part.IsCold).ToList();
                bytes += hot.Count > 0 ? hot.Sum(part => part.Length) : block.HostCode.Length;
                cold += block.Parts.Where(part => part.IsCold).Sum(part => part.Length);
                instructions += HostDisassembler.Lines(block, new HostSymbols(block), _ => null).Count(line => hot.Count == 0 || hot.Any(part => line.Offset >= part.Offset && line.Offset < part.Offset + part.Length));
                microseconds += block.CompileTime.TotalMicroseconds;
                pc += (ulong)block.GuestCode.Length;
            }
        }
        return new Result(name, bytes, instructions, FormattableString.Invariant($"{cold} bytes more are cold; compiled in {microseconds:f1} us"));
    }

    private static Result? Qemu(SnippetTarget target, Snippet snippet, BuiltSnippet guest)
    {
        var last = guest.Functions[^1];
        if (QemuTranslation.Of(target.Emulator, snippet.GuestProgram, guest.Functions[0].Address, last.Address + last.Size - guest.Functions[0].Address) is not { } qemu)
        {
            StandardError.Instance.WriteLine($"dbt: {target.Emulator} is not installed and left out: apt-get install qemu-user");
            return null;
        }
        Title(target.Emulator);
        Console.Out.Write(qemu.Text);
        return new Result(target.Emulator, qemu.Bytes, qemu.Instructions, "of what it executed");
    }

    private static Result Native(BuiltSnippet host)
    {
        Title("gcc, for this machine");
        var (bytes, count) = (0, 0);
        foreach (var function in host.Functions)
        {
            var code = host.BytesOf(function);
            var block = new BlockExplanation(0, [], [], function.Address, code);
            Console.Out.WriteLine($"{function.Address:x} <{function.Name}>:");
            foreach (var line in HostDisassembler.Lines(block, new HostSymbols(block), _ => null))
            {
                Console.Out.WriteLine($"  {line.Offset:x3}  {line.Encoding,-20}  {line.Text}");
                count++;
            }
            bytes += code.Length;
        }
        return new Result("gcc", bytes, count, "");
    }

    private static void WriteSummary(List<Result> results)
    {
        Title("sizes");
        Console.Out.WriteLine($"{"",-14}{"bytes",8}{"instructions",14}{"per guest",11}");
        foreach (var result in results)
            Console.Out.WriteLine(FormattableString.Invariant($"{result.Name,-14}{result.Bytes,8}{result.Instructions,14}{(double)result.Instructions / results[0].Instructions,11:f2}  {result.More}").TrimEnd());
    }

    private static void Title(string name) => Console.Out.WriteLine($"\n== {name}");
}
