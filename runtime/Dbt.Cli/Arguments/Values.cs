using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Dbt.Cli.Arguments;

/// <summary>Options whose values need more than the library's own reading, with errors that say what is expected.</summary>
internal static class Values
{
    /// <summary>An option that takes an amount of memory.</summary>
    public static Option<long?> ByteSizeOption(string name, string description) => Create<long?>(name, "SIZE", description,
        text => ByteSize.TryParse(text, out var bytes) ? bytes : null, "a size such as 512M");

    /// <summary>An option that takes a positive number.</summary>
    public static Option<long?> CountOption(string name, string description) => Create<long?>(name, "N", description,
        text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0 ? count : null, "a positive number");

    /// <summary>An option that takes a hexadecimal address.</summary>
    public static Option<ulong?> AddressOption(string name, string description) => Create<ulong?>(name, "ADDRESS", description,
        text => HexWords.TryParseAddress(text, out var address) ? address : null, "a hexadecimal address such as 0x10400");

    /// <summary>An option that takes one of a few words.</summary>
    public static Option<string> ChoiceOption(string name, string description, string standard, params string[] choices)
    {
        var option = Create(name, string.Join('|', choices), description, text => choices.Contains(text) ? text : null, $"one of {string.Join(", ", choices)}");
        option.DefaultValueFactory = _ => standard;
        return option!;
    }

    /// <summary>The option that names extensions, see <see cref="Guests.Parse"/>.</summary>
    public static Option<string?> IsaOption() => new("--isa")
    {
        HelpName = "STRING",
        Description = "Extensions that are on, e.g. rv64gc_zba, or +zibi for the default set and these; 'dbt isa' lists them",
    };

    private static Option<T?> Create<T>(string name, string helpName, string description, Func<string, T?> parse, string expected) => new(name)
    {
        HelpName = helpName,
        Description = description,
        CustomParser = result => Parse(result, name, parse, expected),
    };

    private static T? Parse<T>(ArgumentResult result, string name, Func<string, T?> parse, string expected)
    {
        var text = result.Tokens[0].Value;
        var value = parse(text);
        if (value is null)
            result.AddError($"{name} takes {expected}, not '{text}'");
        return value;
    }
}
