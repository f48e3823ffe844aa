using System.CommandLine;
using System.CommandLine.Parsing;

namespace Dbt.Cli.Arguments;

/// <summary>An option whose text means something, with an error that says what is expected. See <see cref="Flag"/> for why it is a string.</summary>
/// <typeparam name="T">What it means.</typeparam>
internal sealed class ValueOption<T> : Option<string?>
    where T : struct
{
    private readonly Func<string, T?> _parse;

    /// <summary>Creates the option.</summary>
    /// <param name="name">As it is typed.</param>
    /// <param name="helpName">What help calls the value.</param>
    /// <param name="description">What it does.</param>
    /// <param name="expected">What values look like, with an example.</param>
    /// <param name="parse">The meaning of a value; null when it has none.</param>
    public ValueOption(string name, string helpName, string description, string expected, Func<string, T?> parse)
        : base(name)
    {
        HelpName = helpName;
        Description = description;
        _parse = parse;
        Validators.Add(result => Validate(result, expected));
    }

    /// <summary>What the command line says; null when it does not have the option.</summary>
    public T? Of(ParseResult line) => line.GetValue(this) is { } text ? _parse(text) : null;

    private void Validate(OptionResult result, string expected)
    {
        foreach (var token in result.Tokens)
            if (_parse(token.Value) is null)
                result.AddError($"{Name} takes {expected}, not '{token.Value}'");
    }
}
