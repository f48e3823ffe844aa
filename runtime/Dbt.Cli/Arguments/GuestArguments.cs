using System.CommandLine;
using Dbt.Cli.Errors;

namespace Dbt.Cli.Arguments;

/// <summary>Keeps a guest's arguments from being read as options of <c>dbt</c>.</summary>
internal static class GuestArguments
{
    private const string Separator = "--";

    /// <summary>
    /// Puts <c>--</c> in front of the first argument of <paramref name="command"/> that is neither an option nor an option's value,
    /// so that it and all after it are taken as they are: <c>run -L root prog --stats</c> gives <c>--stats</c> to <c>prog</c>.
    /// </summary>
    /// <param name="command">A command that runs a guest.</param>
    /// <param name="arguments">The command line.</param>
    /// <param name="depth">Words that name the command.</param>
    /// <exception cref="UserException">An option is unknown: the library would take it for the program.</exception>
    /// <remarks>An option whose value may be left out takes it only in the same word (<c>--strace=FILE</c>).</remarks>
    public static IReadOnlyList<string> Separate(Command command, string[] arguments, int depth = 1)
    {
        for (var i = depth; i < arguments.Length; i++)
        {
            if (arguments[i] == Separator)
                return arguments;
            if (arguments[i].Length < 2 || arguments[i][0] != '-')
                return [.. arguments[..i], Separator, .. arguments[i..]];
            if (Find(command, arguments[i]) is not { } option)
                throw UserException.Usage($"unknown option '{arguments[i]}' (the guest's own stand behind its name)", $"see 'dbt {string.Join(' ', arguments[..depth])} --help'");
            if (IsName(option, arguments[i]) && option.Arity.MinimumNumberOfValues > 0)
                i++;
        }
        return arguments;
    }

    // A value may be in the same word: --name=value, --name:value, -nvalue.
    private static Option? Find(Command command, string word)
    {
        var end = word.IndexOfAny(['=', ':']);
        var name = end < 0 ? word : word[..end];
        var options = OptionsOf(command);
        return options.Find(option => IsName(option, name))
            ?? (word[1] == '-' ? null : options.Find(option => IsName(option, word[..2])));
    }

    private static List<Option> OptionsOf(Command command)
    {
        var options = new List<Option>(command.Options);
        for (var parent = command.Parents.OfType<Command>().FirstOrDefault(); parent is not null; parent = parent.Parents.OfType<Command>().FirstOrDefault())
            options.AddRange(parent.Options.Where(option => option.Recursive));
        return options;
    }

    private static bool IsName(Option option, string name) => option.Name == name || option.Aliases.Contains(name);
}
