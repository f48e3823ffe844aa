using System.CommandLine;
using System.Globalization;
using Dbt.Lab.Code;

namespace Dbt.Cli.Arguments;

/// <summary>The kinds of options that commands share.</summary>
internal static class Values
{
    /// <summary>An option that takes an amount of memory.</summary>
    public static ValueOption<long> ByteSizeOption(string name, string description) => new(name, "SIZE", description, "a size such as 512M",
        text => ByteSize.TryParse(text, out var bytes) ? bytes : null);

    /// <summary>An option that takes a positive number.</summary>
    public static ValueOption<long> CountOption(string name, string description) => new(name, "N", description, "a positive number",
        text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0 ? count : null);

    /// <summary>An option that takes a hexadecimal address.</summary>
    public static ValueOption<ulong> AddressOption(string name, string description) => new(name, "ADDRESS", description, "a hexadecimal address such as 0x10400",
        text => HexWords.TryParseAddress(text, out var address) ? address : null);

    /// <summary>An option that takes a range of hexadecimal addresses.</summary>
    public static ValueOption<AddressRange> RangeOption(string name, string description) => new(name, "START[..END]", description,
        "START, START..END or START+LENGTH in hexadecimal",
        text => AddressRanges.TryParse(text, out var range) ? range : null);

    /// <summary>An option that takes one of a few words.</summary>
    /// <param name="name">As it is typed.</param>
    /// <param name="description">What it does.</param>
    /// <param name="standard">The word that is meant without it.</param>
    /// <param name="choices">The words.</param>
    /// <param name="whyNot">Why a word that makes sense elsewhere is none of them; null for any other.</param>
    public static Option<string> ChoiceOption(string name, string description, string standard, string[] choices, Func<string, string?> whyNot)
    {
        var option = new Option<string>(name)
        {
            HelpName = string.Join('|', choices),
            Description = description,
            DefaultValueFactory = _ => standard,
        };
        option.Validators.Add(result =>
        {
            foreach (var token in result.Tokens)
                if (!choices.Contains(token.Value))
                    result.AddError(whyNot(token.Value) ?? $"{name} takes one of {string.Join(", ", choices)}, not '{token.Value}'");
        });
        return option;
    }

    /// <summary>The option that names extensions, see <see cref="Guests.Parse"/>.</summary>
    public static Option<string?> IsaOption() => new("--isa")
    {
        HelpName = "STRING",
        Description = "Extensions that are on, e.g. rv64gc_zba, or +zibi for the default set and these; 'dbt isa' lists them",
    };
}
