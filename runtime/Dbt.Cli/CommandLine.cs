using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Runtime.CompilerServices;
using Dbt.Cli.Arguments;
using Dbt.Cli.Commands;
using Dbt.Cli.Commands.Lab;
using Dbt.Cli.Errors;
using Dbt.Cli.Output;
using Dbt.Lab;

namespace Dbt.Cli;

/// <summary>From the process's arguments to an exit code: parses, runs the command, and turns every error into one line.</summary>
internal static class CommandLine
{
    /// <summary>Runs the command that the arguments name.</summary>
    public static int Run(string[] arguments)
    {
        try
        {
            return PlainRun.TryRun(arguments) ?? Invoke(arguments);
        }
        catch (UserException error)
        {
            return ErrorReport.Write(error);
        }
        catch (LabException error)
        {
            return ErrorReport.Write(new UserException(error.Subject, error.Message, error.WayOut, ExitCode.Failure));
        }
        catch (Exception error)
        {
            return ErrorReport.WriteUnexpected(error);
        }
    }

    // Not part of its caller, who may get by without the library.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Invoke(string[] arguments)
    {
        var run = new RunCommand();
        var root = new RootCommand("Runs, prints and explains programs of other instruction sets.") { run };
        // A guest's start does not wait for commands that it does not need.
        var words = arguments is [RunCommand.CommandName, ..] ? GuestArguments.Separate(run, arguments) : AddTools(root, arguments);
        foreach (var option in root.Options)
        {
            if (option is HelpOption { Action: HelpAction standard })
                option.Action = new HelpWithExamples(standard);
            else if (option is VersionOption)
                option.Action = new VersionAction();
        }
        // Response files would make a guest's "@name" mean something.
        var result = root.Parse(words, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (result.Errors.Count > 0 && result.Action is null or ParseErrorAction)
            throw UsageError(result, arguments);
        return result.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
    }

    // Gives the words with the guest's own kept apart, where a command runs one.
    private static IReadOnlyList<string> AddTools(RootCommand root, string[] arguments)
    {
        var explain = new ExplainCommand();
        root.Add(new DisasmCommand());
        root.Add(new IsaCommand());
        root.Add(explain);
        root.Add(new MachineCommand());
        root.Add(new BootCommand());
        var lab = new LabCommand();
        root.Add(lab);
        return arguments switch
        {
            [ExplainCommand.CommandName, ..] when ExplainCommand.RunsGuest(arguments) => GuestArguments.Separate(explain, arguments),
            [LabCommand.CommandName, CaptureCommand.CommandName, ..] => GuestArguments.Separate(lab.Capture, arguments, 2),
            _ => arguments,
        };
    }

    private static UserException UsageError(ParseResult result, string[] arguments)
    {
        if (result.CommandResult.Command is RootCommand)
        {
            if (arguments.Length == 0)
                return UserException.Usage("no command given", "see 'dbt --help'");
            if (File.Exists(arguments[0]))
                return UserException.Usage($"'{arguments[0]}' is not a command", $"did you mean 'dbt run {arguments[0]}'?");
            if (!arguments[0].StartsWith('-'))
                return UserException.Usage($"'{arguments[0]}' is not a command", "see 'dbt --help'");
        }
        return UserException.Usage(Sentence(result.Errors[0]), $"see '{HelpWithExamples.PathOf(result.CommandResult)} --help'");
    }

    // The library speaks in sentences, some over several lines; our errors are one line.
    private static string Sentence(ParseError error) =>
        string.Join(' ', error.Message.Split((char[])['\n', '\r', '\t', ' '], StringSplitOptions.RemoveEmptyEntries)).TrimEnd('.');
}
