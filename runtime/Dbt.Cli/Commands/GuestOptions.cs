using System.CommandLine;
using System.CommandLine.Parsing;
using Dbt.Cli.Arguments;
using Dbt.Cli.Errors;
using Dbt.Cli.Execution;
using Dbt.Isa;
using Dbt.Runtime.Linux;
using Dbt.Translator.Engines;

namespace Dbt.Cli.Commands;

/// <summary>The options by which commands that run a guest are told what is around it.</summary>
internal sealed class GuestOptions
{
    /// <summary>The option for the guest's root directory.</summary>
    public const string Sysroot = "--sysroot";

    /// <summary>The same as it is mostly typed.</summary>
    public const string SysrootInShort = "-L";

    private readonly Option<string?> _sysroot = new(Sysroot, SysrootInShort)
    {
        HelpName = "DIR",
        Description = "Where the guest's absolute paths are looked up first, its dynamic linker and libraries among them",
    };

    private readonly Option<string[]> _set = new("--env", "-E")
    {
        HelpName = "VAR=VAL",
        Description = "Set an environment variable of the guest; may be repeated",
        Arity = ArgumentArity.OneOrMore,
        Validators = { CheckAssignments },
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

    private readonly ValueOption<long> _memory = Values.ByteSizeOption("--memory", "Most memory that the guest may map");

    private readonly ValueOption<long> _maximum = Values.CountOption("--max-instructions", "Stop the guest after this many instructions, with exit code 124 as of timeout(1)");

    private readonly ValueOption<long> _cache = Values.ByteSizeOption("--cache", "Memory for translations, before the oldest are dropped");

    /// <summary>Adds them to a command.</summary>
    public GuestOptions(Command command)
    {
        command.Add(_sysroot);
        command.Add(_set);
        command.Add(_unset);
        command.Add(_argv0);
        command.Add(_memory);
        command.Add(_maximum);
        command.Add(_cache);
    }

    /// <summary>What translations may take.</summary>
    public long CacheBytes(ParseResult line) => _cache.Of(line) ?? EngineOptions.Default.CacheBytes;

    /// <summary>How the guest is started.</summary>
    /// <exception cref="UserException">Linux does not run on such a guest here.</exception>
    public LinuxProcessOptions Create(
        ParseResult line, GuestIsa isa, ExtensionSet extensions, string program, IReadOnlyList<string> arguments, Func<GuestIsa, IEngine> createEngine) =>
        GuestRun.Describe(isa, extensions, program, arguments, createEngine) with
        {
            ArgumentZero = line.GetValue(_argv0),
            Environment = GuestEnvironment.Create(line.GetValue(_set) ?? [], line.GetValue(_unset) ?? []),
            Sysroot = line.GetValue(_sysroot),
            MemoryLimit = (ulong?)_memory.Of(line) ?? ulong.MaxValue,
            MaximumInstructions = _maximum.Of(line) ?? long.MaxValue,
        };

    private static void CheckAssignments(OptionResult result)
    {
        foreach (var token in result.Tokens)
            if (token.Value.IndexOf('=') < 1)
                result.AddError($"-E takes VAR=VAL, not '{token.Value}'");
    }
}
