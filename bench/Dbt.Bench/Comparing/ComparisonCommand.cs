using System.CommandLine;

namespace Dbt.Bench.Comparing;

/// <summary>A command that compares and reports: what is wrong is one line on standard error, and exit code 1.</summary>
internal abstract class ComparisonCommand : RootCommand
{
    private readonly string _name;

    /// <summary>Creates the command.</summary>
    /// <param name="name">What its errors begin with.</param>
    /// <param name="description">What its help begins with.</param>
    protected ComparisonCommand(string name, string description)
        : base(description)
    {
        _name = name;
        SetAction(Execute);
    }

    /// <summary>Where it writes.</summary>
    protected ReportOptions Reports { get; } = new();

    /// <summary>Adds options, those of reports last.</summary>
    protected void AddOptions(params ReadOnlySpan<Option> options)
    {
        foreach (var option in options)
            Add(option);
        Reports.AddTo(this);
    }

    /// <summary>The work.</summary>
    /// <exception cref="ComparisonException">Something that the user can mend.</exception>
    protected abstract int Compare(ParseResult line);

    /// <summary>The value of an option that takes a positive number.</summary>
    /// <exception cref="ComparisonException">It is none.</exception>
    protected static int Positive(ParseResult line, Option<int> option) =>
        line.GetValue(option) is > 0 and var value ? value : throw new ComparisonException($"{option.Name} takes a positive number");

    private int Execute(ParseResult line)
    {
        try
        {
            return Compare(line);
        }
        catch (ComparisonException error)
        {
            Console.Error.WriteLine($"{_name}: {error.Message}");
            return 1;
        }
    }
}
