using System.CommandLine;
using Dbt.Cli.Arguments;
using Dbt.Cli.Errors;

namespace Dbt.Cli.Commands;

/// <summary><c>dbt run</c>: runs a guest program.</summary>
internal sealed class RunCommand : DbtCommand
{
    private readonly Argument<string> _program = new("PROGRAM") { Description = "The guest program, an ELF file" };

    private readonly Argument<string[]> _arguments = new("ARGS")
    {
        Arity = ArgumentArity.ZeroOrMore,
        Description = "Its arguments, as they are: options behind PROGRAM are the guest's",
    };

    private readonly Option<string?> _sysroot = new("--sysroot", "-L")
    {
        HelpName = "DIR",
        Description = "Where the guest's absolute paths are looked up first, its dynamic linker and libraries among them",
    };

    private readonly Option<string[]> _set = new("--env", "-E")
    {
        HelpName = "VAR=VAL",
        Description = "Set an environment variable of the guest; may be repeated",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string[]> _unset = new("--unset", "-U")
    {
        HelpName = "VAR",
        Description = "Keep an environment variable from the guest; may be repeated",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string?> _argv0 = new("--argv0", "-0")
    {
        HelpName = "NAME",
        Description = "What the guest sees as its own name instead of PROGRAM",
    };

    private readonly Option<string> _engine = Values.ChoiceOption("--engine", "How guest code is executed", "interpreter", "interpreter", "block");

    private readonly Option<string?> _isa = Values.IsaOption();

    private readonly Option<string?> _strace = new("--strace")
    {
        HelpName = "=FILE",
        Description = "Write each system call to standard error, or to a file with --strace=FILE",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<bool> _stats = new("--stats") { Description = "Write what the engine counted to standard error at the end" };

    private readonly Option<long?> _memory = Values.ByteSizeOption("--memory", "Most memory that the guest may map");

    private readonly Option<long?> _maximum = Values.CountOption("--max-instructions", "Stop the guest after this many instructions, with exit code 124 as of timeout(1)");

    private readonly Option<long?> _cache = Values.ByteSizeOption("--cache", "Memory for translations, before the oldest are dropped");

    /// <summary>Creates the command.</summary>
    public RunCommand()
        : base("run", "Runs a Linux program of another instruction set.")
    {
        Add(_program);
        Add(_arguments);
        Add(_sysroot);
        Add(_set);
        Add(_unset);
        Add(_argv0);
        Add(_engine);
        Add(_isa);
        Add(_strace);
        Add(_stats);
        Add(_memory);
        Add(_maximum);
        Add(_cache);
        SetAction(Execute);
    }

    /// <inheritdoc/>
    public override string Usage => "dbt run [options] [--] <PROGRAM> [<ARGS>...]";

    /// <inheritdoc/>
    public override IReadOnlyList<(string Line, string Meaning)> Examples =>
    [
        ("dbt run ./hello --verbose", "Run a static program; --verbose is the program's"),
        ("dbt run -L sysroot sysroot/usr/bin/python3 -c 'print(6*7)'", "A dynamically linked one, with its libraries"),
        ("dbt run --strace --stats -E LANG=C ./hello", "Show its system calls and what the engine did"),
        ("dbt run --max-instructions 1000000 --memory 64M ./untrusted", "With limits"),
    ];

    private int Execute(ParseResult line)
    {
        throw new UserException(line.GetRequiredValue(_program), "not built yet", null, ExitCode.Failure);
    }
}
